/**
 * A local Habu: the contract served over real HTTP on 127.0.0.1, from a seeded organisation of synthetic data.
 *
 * It keeps Habu's rules (tokens, limits, roles, states) on a clock that can run faster, its questions really execute, and
 * it can be told to fail in the ways that networks and busy servers do.
 *
 * @since 0.1.0
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as HttpServer from "@effect/platform/HttpServer"
import type { ServeError } from "@effect/platform/HttpServerError"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { createServer } from "node:http"
import * as AccessTokens from "./AccessTokens.js"
import * as Engine from "./Engine.js"
import * as Faults from "./Faults.js"
import * as Groups from "./Groups.js"
import * as Invitations from "./Invitations.js"
import * as RequestLog from "./RequestLog.js"
import * as SandboxClock from "./SandboxClock.js"
import * as Schedules from "./Schedules.js"
import * as Seed from "./Seed.js"
import * as Server from "./Server.js"
import * as Warehouse from "./Warehouse.js"
import * as World from "./World.js"

/**
 * How a sandbox is made. All have defaults.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Virtual seconds in a real second; 60 by default. */
  readonly speed?: number
  /** All data, ids and chance follow from it; 1 by default. */
  readonly seed?: number
  /** How many people the synthetic tables describe; 20 000 by default. */
  readonly rows?: number
  /** Answers by the contract alone, without what was seen to differ live. */
  readonly strictContract?: boolean
  /** The virtual time at the start in milliseconds since 1970; the maker's own time by default. */
  readonly now?: number
}

/**
 * A running sandbox.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** The base of all paths, `http://127.0.0.1:<port>/v1`. */
  readonly url: string
  /** 32 characters. */
  readonly clientId: string
  /** 64 characters: the secret that works until it is rotated. */
  readonly clientSecret: Redacted.Redacted
  /** Puts a new secret in place: the old one and all tokens stop working. */
  readonly rotateSecret: Effect.Effect<Redacted.Redacted>
  readonly clock: {
    /** Virtual milliseconds since 1970. */
    readonly now: Effect.Effect<number>
    /** Virtual seconds in a real second. */
    readonly speed: number
    readonly advance: (duration: Duration.DurationInput) => Effect.Effect<void>
    readonly set: (millis: number) => Effect.Effect<void>
  }
  /** What clients sent so far, the oldest first. */
  readonly requests: Effect.Effect<ReadonlyArray<RequestLog.Entry>>
  readonly faults: {
    readonly add: (...faults: ReadonlyArray<Faults.Fault>) => Effect.Effect<void>
    readonly clear: Effect.Effect<void>
  }
  /** Plays the partner who was invited by mail to a clean room. */
  readonly partner: {
    readonly accept: (email: string) => Effect.Effect<void, Invitations.NoInvitation>
    readonly decline: (email: string) => Effect.Effect<void, Invitations.NoInvitation>
  }
  /** The state itself, for tests that must look behind the API. */
  readonly world: World.Service
}

/**
 * @since 0.1.0
 * @category tags
 */
export class Sandbox extends Context.Tag("habu-mcp/sandbox/Sandbox")<Sandbox, Service>() {}

const host = "127.0.0.1"

/** Listens before it serves; at the end open connections are cut, or a hanging request would keep the scope open. */
const listen = (port: number) =>
  Effect.gen(function*() {
    const server = createServer()
    const context = yield* Layer.build(NodeHttpServer.layer(() => server, { host, port }))
    yield* Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
    return context
  })

const portOf = ({ address }: HttpServer.HttpServer) => address._tag === "TcpAddress" ? address.port : 0

const makeWorld =
  (options: { readonly seed: number; readonly rows: number; readonly strictContract: boolean }) =>
  (clock: SandboxClock.SandboxClock) =>
    Effect.gen(function*() {
      const warehouse = yield* Warehouse.make({ seed: options.seed, rows: options.rows, asOf: yield* clock.now })
      const engine = yield* Effect.provideService(Engine.make, Warehouse.Warehouse, warehouse)
      const world = World.make({ seed: options.seed, strictContract: options.strictContract, engine })
      yield* Effect.withClock(Seed.plant(world), clock.clock)
      return world
    })

/**
 * Starts a sandbox, which runs until the scope closes. Nothing is sent anywhere; it is reachable from this machine only.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Effect.Effect<Service, ServeError, Scope.Scope> =>
  Effect.gen(function*() {
    const { rows = 20_000, seed = 1, speed = 60, strictContract = false } = options
    const clock = yield* SandboxClock.make({ speed, now: options.now })
    const world = yield* makeWorld({ seed, rows, strictContract })(clock)
    const tokens = AccessTokens.make({ seed, ids: world.ids, limits: world.limits })
    const [faults, log] = [Faults.make(seed), RequestLog.make()]
    const http = yield* listen(options.port ?? 0)
    const operations = yield* Effect.cached(Effect.uninterruptible(Groups.make(world)))
    const app = Server.make({
      seed,
      strictContract,
      clock,
      tokens,
      faults,
      log,
      catchUp: Schedules.catchUp(world),
      operations: Effect.provide(Effect.flatten(operations), http)
    })
    yield* Effect.provide(HttpServer.serveEffect(app), http)
    const onClock = <A, E>(effect: Effect.Effect<A, E>) => Effect.withClock(effect, clock.clock)
    return {
      url: `http://${host}:${portOf(Context.get(http, HttpServer.HttpServer))}/v1`,
      clientId: tokens.clientId,
      clientSecret: tokens.secret(),
      rotateSecret: tokens.rotate,
      clock,
      requests: Effect.sync(log.entries),
      faults: {
        add: (...more) => Effect.sync(() => more.forEach(faults.add)),
        clear: Effect.sync(faults.clear)
      },
      partner: {
        accept: (email) => onClock(Invitations.accept(world, email)),
        decline: (email) => onClock(Invitations.decline(world, email))
      },
      world
    }
  })

/**
 * Provides a sandbox that lives as long as the layer.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options = {}): Layer.Layer<Sandbox, ServeError> => Layer.scoped(Sandbox, make(options))
