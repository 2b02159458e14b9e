/**
 * A connection to one Redis server that is made anew when it is needed and was lost.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { Redis as Client, RedisOptions } from "ioredis"
import * as NodeNet from "node:net"
import * as RedisAddress from "./RedisAddress.js"
import * as RedisFailure from "./RedisFailure.js"
import { StateError } from "./StateError.js"

/**
 * Sends commands and waits for their answers. What was on its way when the connection broke fails and is not sent again.
 *
 * @since 0.1.0
 * @category models
 */
export type Run = <A>(body: (client: Client) => Promise<A>) => Effect.Effect<A, StateError>

/**
 * The server, how long to wait for it to connect and for each command, and what to do first on every new connection.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly address: RedisAddress.Address
  readonly patience: Duration.Duration
  readonly greet: (run: Run) => Effect.Effect<void, StateError>
}

type Engine = typeof import("ioredis").Redis

interface Session {
  readonly client: Client
  readonly run: Run
}

const loadEngine: Effect.Effect<Engine, StateError> = Effect.tryPromise({
  // Only the default export is there however the package is loaded, bundled or not.
  try: () => import("ioredis").then((module) => module.default.Redis),
  catch: () =>
    new StateError({
      reason: "refused",
      message:
        "State in Redis needs the package ioredis, which is not installed: run `npm install ioredis@5` next to " +
        "habu-mcp, or set HABU_STATE to a folder."
    })
})

const settings = ({ address: { host, port = 6379, tls = false }, patience }: Options): RedisOptions => {
  const millis = Duration.toMillis(patience)
  return {
    host,
    port,
    ...(tls ? { tls: NodeNet.isIP(host) === 0 ? { servername: host } : {} } : {}),
    lazyConnect: true,
    connectTimeout: millis,
    commandTimeout: millis,
    socketTimeout: millis,
    keepAlive: 30_000,
    // A command is never sent a second time: it may have been carried out.
    retryStrategy: null,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // Nothing is asked before the password was given.
    enableReadyCheck: false,
    disableClientInfo: true
  }
}

const runOn = (location: string, client: Client): Run => {
  // Why a connection broke is told beside the commands that fail because of it.
  let broken: unknown
  client.on("error", (cause) => broken ??= cause)
  return (body) =>
    Effect.tryPromise({
      try: () => body(client),
      catch: (cause) =>
        RedisFailure.from(location, cause instanceof Error && cause.name === "ReplyError" ? cause : broken ?? cause)
    })
}

const signIn = (run: Run, { database = 0, password, username }: RedisAddress.Address) =>
  Effect.gen(function*() {
    if (password !== undefined) {
      const secret = Redacted.value(password)
      yield* run((client) => username === undefined ? client.auth(secret) : client.auth(username, secret))
    }
    if (database !== 0) yield* run((client) => client.select(database))
  })

const begin = (run: Run, location: string, { address, greet }: Options): Effect.Effect<void, StateError> =>
  run((client) => client.connect()).pipe(
    Effect.zipRight(signIn(run, address)),
    Effect.zipRight(run((client) => client.ping())),
    Effect.filterOrFail(
      (answer) => answer === "PONG",
      () => RedisFailure.unavailable(location, "is not Redis: it does not answer PING")
    ),
    Effect.zipRight(greet(run))
  )

const pauseAfter = (failures: number) =>
  Effect.map(Random.nextRange(0.5, 1), (part) => part * Math.min(100 * 2 ** failures, 2000))

/**
 * Connects, and disconnects with the scope. While the server is away a command fails at once, but for one attempt to
 * connect every now and then: at most two seconds lie between them.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Effect.Effect<Run, StateError, Scope.Scope> =>
  Effect.gen(function*() {
    const location = RedisAddress.location(options.address)
    const engine = yield* loadEngine
    const lock = yield* Effect.makeSemaphore(1)
    let session: Session | undefined
    let failure: { readonly error: StateError; readonly count: number; readonly until: number } | undefined
    let closed = false

    const remember = Effect.fnUntraced(function*(error: StateError) {
      const count = (failure?.count ?? 0) + 1
      failure = { error, count, until: (yield* Clock.currentTimeMillis) + (yield* pauseAfter(count)) }
    })

    const connect = Effect.uninterruptibleMask((restore) =>
      Effect.gen(function*() {
        if (closed) return yield* RedisFailure.unavailable(location, "is not used any more: its scope is closed")
        if (session?.client.status === "ready") return session
        if (failure !== undefined && (yield* Clock.currentTimeMillis) < failure.until) return yield* failure.error
        const client = new engine(settings(options))
        const run = runOn(location, client)
        yield* restore(begin(run, location, options)).pipe(
          Effect.onError(() => Effect.sync(() => client.disconnect())),
          Effect.tapError(remember)
        )
        // The scope may have ended meanwhile.
        if (closed) client.disconnect()
        failure = undefined
        return session = { client, run }
      })
    ).pipe(lock.withPermits(1))

    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        closed = true
        session?.client.disconnect()
      })
    )
    yield* connect
    return (body) => Effect.flatMap(connect, ({ run }) => run(body))
  })
