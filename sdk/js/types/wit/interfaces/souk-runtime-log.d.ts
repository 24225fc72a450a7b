declare module 'souk:runtime/log@0.1.0' {
  /**
   * Adds a line to the app's log. What is over the bound of a run is dropped, and the log says so.
   */
  export function print(line: string): void;
}
