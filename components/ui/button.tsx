import type { ComponentProps } from "react";

const looks = {
  primary: "bg-accent text-accent-ink border-transparent hover:brightness-110",
  plain: "bg-surface text-ink border-line hover:bg-hover",
  ghost: "bg-transparent text-ink-2 border-transparent hover:bg-hover hover:text-ink",
} as const;

const sizes = {
  small: "h-7 px-2 text-[12px] gap-1.5",
  normal: "h-8 px-3 text-[13px] gap-1.5",
  icon: "size-8 justify-center",
} as const;

/** The look of a button, for triggers that a library renders. */
export function buttonClass(look: keyof typeof looks = "plain", size: keyof typeof sizes = "normal"): string {
  return `inline-flex shrink-0 items-center whitespace-nowrap rounded-lg border font-medium transition-colors disabled:opacity-50 disabled:pointer-events-none ${looks[look]} ${sizes[size]}`;
}

interface Props extends ComponentProps<"button"> {
  readonly look?: keyof typeof looks;
  readonly size?: keyof typeof sizes;
}

export function Button({ look = "plain", size = "normal", className = "", ...rest }: Props) {
  return <button type="button" className={`${buttonClass(look, size)} ${className}`} {...rest} />;
}
