/** Git, as far as a footer needs it. */
export interface GitPort {
  /** The checked-out branch, or undefined when detached or no repository. Never throws; answers within 2 s. */
  branch(directory: string): Promise<string | undefined>
}
