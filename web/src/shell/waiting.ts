/** Something that many may wait for at once, and that is over for all of them together. */
export class Waiting {
  private over: Promise<void> | null = null;
  private tell: () => void = () => {};

  /** `began` is told when the first begins to wait. */
  constructor(private readonly began: () => void) {}

  wait(): Promise<void> {
    if (!this.over) {
      this.over = new Promise((resolve) => {
        this.tell = resolve;
      });
      this.began();
    }
    return this.over;
  }

  /** Lets everybody go on; whoever waits from now on waits anew. */
  end(): void {
    this.over = null;
    this.tell();
  }
}
