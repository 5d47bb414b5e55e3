import { setFlagsFromString } from 'node:v8';

/**
 * V8 looks through the whole heap each time that some megabytes of buffers have passed, however few of them are alive: a
 * stream of 100 MB was thirteen such looks, which took half of its processor time. Counted as part of the heap, buffers
 * make it look when both together have grown. To be called before anything is served.
 */
export function countBuffersWithHeap(): void {
  // Older ones do not know it, and complain.
  if (Number(process.versions.node.split('.')[0]) < 26) return;
  setFlagsFromString('--external-memory-accounted-in-global-limit');
}
