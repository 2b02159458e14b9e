/**
 * How a failed run is put into words. Habu's own words are not known, so they vary with the seed and no client can come
 * to rely on them.
 *
 * @since 0.1.0
 */
interface Failure {
  readonly failureReason: string
  readonly runMessage: string
  readonly isRetryable: boolean
}

type Way = (failure: Failure) => Failure

const ways: readonly [Way, ...ReadonlyArray<Way>] = [
  (failure) => failure,
  (failure) => ({
    ...failure,
    failureReason: `Question run failed: ${failure.failureReason.toLowerCase()}`,
    runMessage: `The run could not be completed. ${failure.runMessage}`
  }),
  (failure) => ({
    ...failure,
    failureReason: failure.failureReason.toUpperCase().replaceAll(" ", "_"),
    runMessage: `Execution stopped: ${failure.runMessage}`
  })
]

/**
 * One of several ways to say something.
 *
 * @since 0.1.0
 * @category getters
 */
export const choose = <A>(seed: number, [first, ...rest]: readonly [A, ...ReadonlyArray<A>]): A =>
  [first, ...rest][Math.abs(Math.trunc(seed) - 1) % (rest.length + 1)] ?? first

/**
 * A failure in the words of a seed. Names in it and whether it can be retried stay.
 *
 * @since 0.1.0
 * @category combinators
 */
export const vary = (seed: number, failure: Failure): Failure => choose(seed, ways)(failure)
