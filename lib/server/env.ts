/** A process's environment, passed in so that a test can give another one. */
export type Env = Readonly<Record<string, string | undefined>>;
