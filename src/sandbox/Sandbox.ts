/**
 * A local Habu: the contract served over real HTTP on 127.0.0.1, from a seeded organisation of synthetic data.
 *
 * It keeps Habu's rules (tokens, limits, roles, states) on a clock that can run faster, its questions really execute, and
 * it can be told to fail in the ways that networks and busy servers do.
 *
 * @since 0.1.0
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
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
import * as Control from "./Control.js"
import * as Engine from "./Engine.js"
import * as Exports from "./Exports.js"
import * as Faults from "./Faults.js"
import * as Groups from "./Groups.js"
import * as Invitations from "./Invitations.js"
import * as Once from "./Once.js"
import * as OtherSide from "./OtherSide.js"
import type { Problem } from "./Problem.js"
import * as RequestLog from "./RequestLog.js"
import * as SandboxClock from "./SandboxClock.js"
import * as Schedules from "./Schedules.js"
import * as Seed from "./Seed.js"
import type { Scale } from "./seed/Scale.js"
import * as Server from "./Server.js"
import * as Transport from "./Transport.js"
import * as Warehouse from "./Warehouse.js"
import * as WebHandler from "./WebHandler.js"
import * as World from "./World.js"

/**
 * How a sandbox is made. All have defaults.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends Scale {
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
  /**
   * `"effect"`: the sandbox's time is that of the clock in force where it is made, second by second, whatever `speed`
   * says; `TestClock.adjust("30 minutes")` lets half an hour pass.
   */
  readonly clock?: "effect"
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
    readonly provide: (asked: typeof OtherSide.Provide.Type) => Effect.Effect<void, Problem>
    readonly assign: (asked: typeof OtherSide.Assign.Type) => Effect.Effect<void, Problem>
    readonly review: (asked: typeof OtherSide.Review.Type) => Effect.Effect<void, Problem>
  }
  /** Plays an administrator who changes what the API user may do in a clean room. */
  readonly setRights: (asked: typeof OtherSide.Rights.Type) => Effect.Effect<void, Problem>
  /** The state itself, for tests that must look behind the API. */
  readonly world: World.Service
}

/**
 * A running sandbox, as a service.
 *
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

interface Place {
  readonly port: number
  readonly transport: Transport.Transport
  readonly platform: Context.Context<Layer.Layer.Success<typeof NodeHttpServer.layerContext>>
}

const makeWorld = (options: Options, clock: SandboxClock.SandboxClock) =>
  Effect.gen(function*() {
    const { rows = 20_000, seed = 1, strictContract = false } = options
    const warehouse = yield* Warehouse.make({ seed, rows, asOf: yield* clock.now })
    const engine = yield* Effect.provideService(Engine.make(seed), Warehouse.Warehouse, warehouse)
    const world = World.make({ seed, strictContract, engine })
    yield* Effect.withClock(Seed.plant(world, options), clock.clock)
    return world
  })

/** Everything but the way in. */
const assemble = (options: Options, { platform, port, transport }: Place) =>
  Effect.gen(function*() {
    const speed = options.clock === "effect" ? 1 : options.speed ?? 60
    const clock = yield* SandboxClock.make({ speed, now: options.now })
    const world = yield* makeWorld(options, clock)
    const { ids, limits, seed, strictContract } = world
    const tokens = AccessTokens.make({ seed, ids, limits })
    const [faults, log] = [Faults.make(seed), RequestLog.make()]
    const operations = yield* Once.make(Groups.make(world))
    const app = Server.make({
      seed,
      strictContract,
      clock,
      tokens,
      faults,
      log,
      transport,
      control: Control.make({ port, clock, world, tokens, faults, log }),
      catchUp: Effect.zipRight(Schedules.catchUp(world), Exports.catchUp(world)),
      operations: Effect.provide(Effect.flatten(operations), platform)
    })
    const onClock = <A, E>(effect: Effect.Effect<A, E>) => Effect.withClock(effect, clock.clock)
    const service: Omit<Service, "url"> = {
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
        decline: (email) => onClock(Invitations.decline(world, email)),
        provide: (asked) => onClock(OtherSide.provide(world, asked)),
        assign: (asked) => onClock(OtherSide.assign(world, asked)),
        review: (asked) => onClock(OtherSide.review(world, asked))
      },
      setRights: (asked) => onClock(OtherSide.setRights(world, asked)),
      world
    }
    return { app, service }
  })

/**
 * Starts a sandbox, which runs until the scope closes. Nothing is sent anywhere; it is reachable from this machine only.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options = {}): Effect.Effect<Service, ServeError, Scope.Scope> =>
  Effect.gen(function*() {
    const platform = yield* listen(options.port ?? 0)
    const port = portOf(Context.get(platform, HttpServer.HttpServer))
    const { app, service } = yield* assemble(options, { port, transport: Transport.sockets, platform })
    yield* Effect.provide(HttpServer.serveEffect(app), platform)
    return { ...service, url: `http://${host}:${port}/v1` }
  })

/**
 * A sandbox without a socket, and the `fetch` that reaches it.
 *
 * @since 0.1.0
 * @category models
 */
export interface InProcess extends Service {
  /** Answers for any host. Connections that faults cut are failures as `fetch` has them. */
  readonly fetch: typeof globalThis.fetch
}

/**
 * Makes a sandbox that listens nowhere and is asked through its own `fetch`, until the scope closes. `port` means
 * nothing to it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeInProcess = (options: Options = {}): Effect.Effect<InProcess, never, Scope.Scope> =>
  Effect.gen(function*() {
    const platform = yield* Layer.build(NodeHttpServer.layerContext)
    const { app, service } = yield* assemble(options, { port: 80, transport: Transport.inProcess, platform })
    return { ...service, url: `http://${host}/v1`, fetch: yield* WebHandler.make(app) }
  })

/**
 * Provides a sandbox that lives as long as the layer.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options = {}): Layer.Layer<Sandbox, ServeError> => Layer.scoped(Sandbox, make(options))

/**
 * Provides a sandbox without a socket, and the HTTP client that reaches it and nothing else.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerInProcess = (options: Options = {}): Layer.Layer<Sandbox | HttpClient.HttpClient> =>
  Layer.unwrapScoped(
    Effect.map(makeInProcess(options), (sandbox) =>
      Layer.merge(
        Layer.succeed(Sandbox, sandbox),
        Layer.provide(FetchHttpClient.layer, Layer.succeed(FetchHttpClient.Fetch, sandbox.fetch))
      ))
  )
