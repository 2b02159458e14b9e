/**
 * Work through a growing list of reads, the most urgent first, with a limited number of workers.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"

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
  const changed = Effect.unsafeMakeLatch()

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
    changed.unsafeOpen()
  })

  // Workers are made as there is work: most surveys are far smaller than a wide gate.
  const assign = Effect.fnUntraced(function*(workers: number, underWay: FiberSet.FiberSet<void, E>) {
    while (true) {
      changed.unsafeClose()
      while (counted.underWay < workers) {
        const job = take()
        if (job === undefined) break
        counted.underWay++
        yield* FiberSet.run(underWay, Effect.ensuring(job, finished))
      }
      if (counted.underWay === 0) return
      yield* changed.await
    }
  })

  return {
    add: (urgency, job) => {
      counted.total++
      const jobs = waiting.get(urgency)
      if (jobs === undefined) waiting.set(urgency, [job])
      else jobs.push(job)
      changed.unsafeOpen()
    },
    count: () => ({ total: counted.total, done: counted.done }),
    halt: () => waiting.clear(),
    work: (workers) =>
      Effect.scoped(
        Effect.flatMap(FiberSet.make<void, E>(), (underWay) =>
          Effect.raceFirst(assign(workers, underWay), FiberSet.join(underWay)))
      )
  }
}
