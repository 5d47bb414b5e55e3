import type { DataPlane } from '../lambda/compose.ts';
import type { SandboxKind } from '../lambda/environments/sandbox/sandbox.ts';
import type { Door, StreamingDoor } from '../lambda/invoke/door.ts';

/** Requests may arrive while the sandbox is still being chosen: they wait for it. */
export class LaterDoor implements Door, StreamingDoor {
  plane: DataPlane | undefined;
  kind: SandboxKind | undefined;
  readonly #opened = Promise.withResolvers<DataPlane>();

  open(plane: DataPlane, kind: SandboxKind): void {
    this.plane = plane;
    this.kind = kind;
    this.#opened.resolve(plane);
  }

  async invoke(request: Parameters<Door['invoke']>[0]): ReturnType<Door['invoke']> {
    const plane = this.plane ?? (await this.#opened.promise);
    return plane.engine.invoke(request);
  }

  async stream(request: Parameters<StreamingDoor['stream']>[0]): ReturnType<StreamingDoor['stream']> {
    const plane = this.plane ?? (await this.#opened.promise);
    return plane.engine.stream(request);
  }
}
