/**
 * Work through a growing list of reads, the most urgent first, with a fixed number of workers.
 *
 * @since 0.1.0
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"

/**
 * What is still to be read, by urgency: the lowest number comes first, and among equals the one added first.
 *
 * @since 0.1.0
 * @category models
 */
export interface Agenda<E> {
  readonly add: (urgency: number, job: Effect.Effect<void, E>) => void
  /** How many were added so far, and how many of them are done. */
  readonly count: () => { readonly total: number; readonly done: number }
  /** Drops what is not begun. */
  readonly halt: () => void
  /** Works until nothing is left, also of what was added meanwhile. The first failure ends it. */
  readonly work: (workers: number) => Effect.Effect<void, E>
}

/**
 * Makes an empty agenda.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = <E>(): Agenda<E> => {
  const waiting = new Map<number, Array<Effect.Effect<void, E>>>()
  const counted = { total: 0, done: 0, underWay: 0 }
  const idle: Array<Deferred.Deferred<void>> = []

  const wake = (workers: number) => {
    for (const worker of idle.splice(0, workers)) Deferred.unsafeDone(worker, Effect.void)
  }

  const take = () => {
    const [first] = [...waiting.keys()].sort((a, b) => a - b)
    const jobs = first === undefined ? undefined : waiting.get(first)
    const job = jobs?.shift()
    if (first !== undefined && jobs?.length === 0) waiting.delete(first)
    return job
  }

  const finished = Effect.sync(() => {
    counted.underWay--
    counted.done++
    if (counted.underWay === 0 && waiting.size === 0) wake(idle.length)
  })

  const worker: Effect.Effect<void, E> = Effect.gen(function*() {
    while (true) {
      const job = take()
      if (job !== undefined) {
        counted.underWay++
        yield* Effect.ensuring(job, finished)
      } else if (counted.underWay === 0) return
      else {
        const more = Deferred.unsafeMake<void>(FiberId.none)
        idle.push(more)
        yield* Deferred.await(more)
      }
    }
  })

  return {
    add: (urgency, job) => {
      counted.total++
      const jobs = waiting.get(urgency)
      if (jobs === undefined) waiting.set(urgency, [job])
      else jobs.push(job)
      wake(1)
    },
    count: () => ({ total: counted.total, done: counted.done }),
    halt: () => waiting.clear(),
    work: (workers) =>
      Effect.all(Array.from({ length: workers }, () => worker), { concurrency: "unbounded", discard: true })
  }
}
