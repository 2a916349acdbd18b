/** The one thing of the client that is needed here: it reads kubeconfigs, and knows how to log in by each of them. */
export { KubeConfig } from "@kubernetes/client-node";
