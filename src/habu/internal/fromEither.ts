// An Either as an Effect, spelt out: in Effect 4 an Either is no Effect by itself.
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"

export const fromEither = <A, E>(either: Either.Either<A, E>): Effect.Effect<A, E> =>
  Either.match(either, { onLeft: Effect.fail, onRight: Effect.succeed })
