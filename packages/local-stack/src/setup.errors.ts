/** Something the person at the keyboard can put right: the command line prints its message and no stack. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
