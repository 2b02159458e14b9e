/**
 * The sandbox's own endpoints under `/__sandbox`, outside Habu's API: what clients sent, how things stand, the clock,
 * faults, the partner's side, a new secret.
 *
 * They need no token, so they answer only who addresses this machine by its own name: a web page that had its name
 * resolved to this machine sends that name as `Host`, and any other page's writes carry `Origin`.
 *
 * @since 0.1.0
 */
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { AccessTokens } from "./AccessTokens.js"
import { pathOf, targetOf } from "./Answers.js"
import * as FaultList from "./FaultList.js"
import type { Faults } from "./Faults.js"
import * as InFlight from "./InFlight.js"
import * as Invitations from "./Invitations.js"
import * as Limits from "./Limits.js"
import * as OtherSide from "./OtherSide.js"
import { decode, parse, Problem } from "./Problem.js"
import type { RequestLog } from "./RequestLog.js"
import type { SandboxClock } from "./SandboxClock.js"
import { time } from "./Wire.js"
import type * as World from "./World.js"

type Request = HttpServerRequest.HttpServerRequest
type Response = HttpServerResponse.HttpServerResponse

/**
 * What the endpoints look at and change.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Where the sandbox is served. */
  readonly port: number
  readonly clock: SandboxClock
  readonly world: World.Service
  readonly tokens: AccessTokens
  readonly faults: Faults
  readonly log: RequestLog
}

const base = "/__sandbox"

/**
 * Whether a path is one of these endpoints'.
 *
 * @since 0.1.0
 * @category getters
 */
export const serves = (path: string): boolean => path === base || path.startsWith(`${base}/`)

const json = (body: unknown, status = 200) => HttpServerResponse.unsafeJson(body, { status })

const refuse = (status: number, message: string) => json({ message }, status)

const Advance = Schema.Struct({ advance_seconds: Schema.NonNegative })

const Time = Schema.Struct({ set: Schema.String })

const Visit = Schema.Struct({ email: Schema.String, decision: Schema.Literal("accept", "decline") })

const body = Effect.flatMap(
  HttpServerRequest.HttpServerRequest,
  (request) => Effect.flatMap(Effect.orElseSucceed(request.text, () => ""), (text) => parse(text, "the body"))
)

const instant = (field: string, value: string) => {
  const millis = Date.parse(value)
  return Number.isNaN(millis)
    ? Effect.fail(new Problem({ field, value, why: "possible: an ISO time such as 2026-03-16T09:00:00Z" }))
    : Effect.succeed(millis)
}

const sinceOf = (request: Request) => {
  const value = new URL(targetOf(request), "http://sandbox").searchParams.get("since")
  return value === null ? Effect.succeed(Number.NEGATIVE_INFINITY) : instant("since", value)
}

const listRequests = (log: RequestLog) =>
  Effect.gen(function*() {
    const since = yield* sinceOf(yield* HttpServerRequest.HttpServerRequest)
    return json(log.entries().filter((entry) => Date.parse(entry.time) >= since))
  })

const budgets = ({ limits }: World.Service, now: number) => {
  const used = (key: string, { calls, window }: { readonly calls: number; readonly window: number }) => ({
    used: limits.used(key, window, now),
    limit: calls,
    windowHours: window / 3_600_000
  })
  return {
    tokens: used("token", Limits.twoInADay),
    runStarts: used("question-run", Limits.twentyInAnHour),
    flowRunStarts: used("flow-run", Limits.twentyInAnHour)
  }
}

const showState = ({ clock, world }: Options) =>
  Effect.gen(function*() {
    const now = yield* clock.now
    return json({
      time: time(now),
      speed: clock.speed,
      budgets: budgets(world, now),
      runsInFlight: yield* InFlight.runs(world),
      flowRunsInFlight: yield* InFlight.flowRuns(world)
    })
  })

const setClock = (clock: SandboxClock) =>
  Effect.gen(function*() {
    const given = yield* body
    if (typeof given === "object" && given !== null && "set" in given) {
      const { set } = yield* decode(Time, given)
      yield* Effect.flatMap(instant("set", set), clock.set)
    } else {
      const { advance_seconds } = yield* decode(Advance, given)
      yield* clock.advance(advance_seconds * 1000)
    }
    return json({ time: time(yield* clock.now) })
  })

const addFaults = (faults: Faults) =>
  Effect.gen(function*() {
    const more = yield* Effect.flatMap(body, FaultList.decode)
    more.forEach(faults.add)
    return json(faults.active())
  })

const emails = (world: World.Service) =>
  world.invitations.where(({ status }) => status === "PENDING").map(({ email }) => email).join(", ")

const playPartner = (world: World.Service) =>
  Effect.gen(function*() {
    const { decision, email } = yield* Effect.flatMap(body, (given) => decode(Visit, given))
    const play = decision === "accept" ? Invitations.accept : Invitations.decline
    yield* Effect.mapError(
      play(world, email),
      () => new Problem({ field: "email", value: email, why: `invited and without an answer: ${emails(world)}` })
    )
    return json({ email, decision })
  })

const clear = (what: { readonly clear: () => void }) =>
  Effect.sync(() => {
    what.clear()
    return json([])
  })

/** An endpoint that lets someone else act: it echoes what it was told. */
const played = <A, I, B>(
  schema: Schema.Schema<A, I>,
  world: World.Service,
  act: (world: World.Service, asked: A) => Effect.Effect<B, Problem>
) =>
  Effect.gen(function*() {
    const asked = yield* Effect.flatMap(body, (given) => decode(schema, given))
    yield* act(world, asked)
    return json(asked)
  })

type Answer = Effect.Effect<Response, Problem, HttpServerRequest.HttpServerRequest>

const endpoints = (options: Options): { readonly [path: string]: { readonly [method: string]: Answer } } => ({
  "/requests": { GET: listRequests(options.log), DELETE: clear(options.log) },
  "/state": { GET: showState(options) },
  "/clock": { POST: setClock(options.clock) },
  "/faults": {
    GET: Effect.sync(() => json(options.faults.active())),
    POST: addFaults(options.faults),
    DELETE: clear(options.faults)
  },
  "/partner": { POST: playPartner(options.world) },
  "/partner/datasets": { POST: played(OtherSide.Provide, options.world, OtherSide.provide) },
  "/partner/assign": { POST: played(OtherSide.Assign, options.world, OtherSide.assign) },
  "/partner/review": { POST: played(OtherSide.Review, options.world, OtherSide.review) },
  "/rights": { POST: played(OtherSide.Rights, options.world, OtherSide.setRights) },
  "/rotate-secret": {
    POST: Effect.map(options.tokens.rotate, (secret) => json({ clientSecret: Redacted.value(secret) }))
  }
})

const isOwn = (request: Request, port: number) =>
  request.headers["origin"] === undefined &&
  ["127.0.0.1", "localhost", "[::1]"].some((name) =>
    [`${name}:${port}`, ...(port === 80 ? [name] : [])].includes((request.headers["host"] ?? "").toLowerCase())
  )

/**
 * Makes the endpoints. What is wrong with a request is answered with 400 and names field, value and what is possible.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): HttpApp.Default => {
  const known = endpoints(options)
  return Effect.gen(function*() {
    const request = yield* HttpServerRequest.HttpServerRequest
    if (!isOwn(request, options.port)) {
      return refuse(403, `Only for programs on this machine: Host must be 127.0.0.1:${options.port}, without Origin`)
    }
    const path = pathOf(request)
    const methods = known[path.slice(base.length)]
    if (methods === undefined) {
      return refuse(404, `${path} is unknown; possible: ${Object.keys(known).map((name) => base + name).join(", ")}`)
    }
    const allowed = Object.keys(methods).join(", ")
    return yield* methods[request.method] ??
      HttpServerResponse.setHeader(
        refuse(405, `${request.method} is not possible here; possible: ${allowed}`),
        "allow",
        allowed
      )
  }).pipe(
    Effect.catchTag(
      "Problem",
      (problem) => Effect.succeed(json({ field: problem.field, value: problem.value, message: problem.message }, 400))
    )
  )
}
