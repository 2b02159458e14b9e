/**
 * The settings of a clean room that Habu takes and never shows again: cloud, region, crowd size, data decibel, and all
 * feature flags but the export (seen live).
 *
 * They are known from what was set through this server, which is kept for good; for a new clean room otherwise from
 * HABU_DEFAULT_REGION, _CLOUD, _SUB_REGION, _CROWD_SIZE and _DATA_DECIBEL; otherwise from the caller. Never from a guess.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { type CleanRoom, CleanRoomParameterRequest } from "../habu/api/CleanRooms.js"
import { sha256 } from "../habu/Digest.js"
import { ConfigurationInvalid, StateUnavailable } from "../habu/HabuError.js"
import { HabuState } from "../habu/HabuState.js"
import * as Text from "../habu/Text.js"
import type { StateError } from "../state/StateError.js"
import * as State from "../state/StateStore.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

/**
 * The regions, clouds and sub-regions of the contract, without Habu's prefix. `NONE` leaves the sub-region to Habu.
 *
 * @since 0.1.0
 * @category constants
 */
export const options = {
  region: ["US", "EU", "APAC", "AFRICA", "UAE"],
  cloud: ["AWS", "GCP", "AZURE"],
  sub_region: [
    "NONE",
    "EAST1",
    "EAST2",
    "WEST1",
    "NORTH1",
    "SOUTH1",
    "CENTRAL1",
    "NORTHEAST1",
    "SOUTHEAST1",
    "ME_CENTRAL1",
    "EU_WEST4"
  ]
} as const

/**
 * The feature flags by the words of an input.
 *
 * @since 0.1.0
 * @category constants
 */
export const flags = {
  export: "ENABLE_EXPORT",
  view_query: "ENABLE_VIEW_QUERY",
  intelligence: "ENABLE_HABU_INTELLIGENCE",
  pair: "ENABLE_PAIR",
  opja: "ENABLE_OPJA"
} as const

/**
 * A feature flag.
 *
 * @since 0.1.0
 * @category models
 */
export type Flag = keyof typeof flags

/**
 * The flags that show other parties more than before.
 *
 * @since 0.1.0
 * @category constants
 */
export const revealing: ReadonlyArray<Flag> = ["export", "view_query"]

/**
 * The input fields of a workflow that sets them.
 *
 * @since 0.1.0
 * @category fields
 */
export const inputFields = {
  region: Workflow.maybe(Schema.Literal(...options.region).annotations({ description: "Where" })),
  cloud: Workflow.maybe(Schema.Literal(...options.cloud).annotations({ description: "Whose" })),
  sub_region: Workflow.maybe(
    Schema.String.pipe(Schema.filter((text) => options.sub_region.some((option) => option === text), {
      jsonSchema: { type: "string", description: "Such as EAST1, or NONE" }
    }))
  ),
  crowd_size: Workflow.maybe(Workflow.whole(1, 100, "Fewest people in a row")),
  data_decibel: Workflow.maybe(Workflow.whole(1, 10, "Noise")),
  enable: Workflow.maybe(
    Schema.Array(Schema.Literal("export", "view_query", "intelligence", "pair", "opja")).annotations({
      description: "All others are off"
    })
  )
}

/**
 * What a caller says of them.
 *
 * @since 0.1.0
 * @category models
 */
export type Given = { readonly [K in keyof typeof inputFields]?: (typeof inputFields)[K]["from"]["Type"] }

/**
 * A setting's name in an input.
 *
 * @since 0.1.0
 * @category models
 */
export type Name = Exclude<keyof Given, "enable">

/**
 * All settings, by the words of an input. `enable` is undefined where nobody knows the flags.
 *
 * @since 0.1.0
 * @category models
 */
export interface Settings extends Given {}

/**
 * The settings by name.
 *
 * @since 0.1.0
 * @category constants
 */
export const names: ReadonlyArray<Name> = ["region", "cloud", "sub_region", "crowd_size", "data_decibel"]

const variables: { readonly [K in Name]: string } = {
  region: "HABU_DEFAULT_REGION",
  cloud: "HABU_DEFAULT_CLOUD",
  sub_region: "HABU_DEFAULT_SUB_REGION",
  crowd_size: "HABU_DEFAULT_CROWD_SIZE",
  data_decibel: "HABU_DEFAULT_DATA_DECIBEL"
}

/**
 * What a setting can be, in words.
 *
 * @since 0.1.0
 * @category getters
 */
export const possible = (name: Name): string => {
  if (name === "crowd_size") return "1 to 100"
  return name === "data_decibel" ? "1 to 10" : options[name].join(", ")
}

const Known = Schema.Struct(inputFields)

const Kept = Schema.Struct({
  settings: Known,
  /** The clean room's name when they were set. */
  name: Schema.String,
  setAt: Schema.Number,
  /** When Habu says the clean room was last changed, as read right after. */
  updatedAt: Workflow.maybe(Schema.String)
})

type Kept = typeof Kept.Type

const key = (name: string): State.StateKey<Kept, typeof Kept.Encoded> => ({ name: `settings/${name}`, schema: Kept })

// What is about to be sent: of a new clean room by its name, since it has no id yet.
const sentKey = ({ id, name }: CleanRoom) =>
  id === undefined
    ? Effect.map(sha256(Text.folded(name ?? "")), (digest) => key(`sent/${digest.slice(0, 32)}`))
    : Effect.succeed(key(`sent/${id}`))

// As long as nobody else is likely to have changed the clean room in the meantime.
const timeInDoubt = Duration.hours(1)

const last = key("last")

const unavailable = ({ message }: StateError) =>
  new StateUnavailable({ operation: "clean room settings", problem: message })

const put = (where: typeof last, kept: Kept, timeToLive: Duration.DurationInput = Duration.infinity) =>
  Effect.flatMap(
    HabuState,
    (state) => Effect.mapError(state.update(where, () => [undefined, State.set(kept, timeToLive)]), unavailable)
  )

const get = (where: typeof last) => Effect.flatMap(HabuState, (state) => Effect.mapError(state.get(where), unavailable))

/**
 * Notes what is about to be sent for a clean room, one without an id if it is new, so that it is known even if the answer
 * is lost.
 *
 * @since 0.1.0
 * @category combinators
 */
export const sending = Effect.fnUntraced(function*(cleanRoom: CleanRoom, settings: Settings) {
  const kept: Kept = Workflow.compact({
    settings,
    name: Words.said(cleanRoom.name) ?? "",
    setAt: yield* Clock.currentTimeMillis,
    updatedAt: cleanRoom.timeAudit?.updatedAt
  })
  yield* put(yield* sentKey(cleanRoom), kept, timeInDoubt)
})

/**
 * Keeps what was set for a clean room, as it reads back now.
 *
 * @since 0.1.0
 * @category combinators
 */
export const remember = Effect.fnUntraced(
  function*(cleanRoom: CleanRoom & { readonly id: string }, settings: Settings) {
    const setAt = yield* Clock.currentTimeMillis
    const name = Words.said(cleanRoom.name) ?? ""
    const kept: Kept = Workflow.compact({ settings, name, setAt, updatedAt: cleanRoom.timeAudit?.updatedAt })
    yield* Effect.zipRight(put(key(`of/${cleanRoom.id}`), kept), put(last, kept))
  }
)

/**
 * Takes what was sent within the last hour as what was set, where its answer was lost and the clean room is new, or was
 * changed since then.
 *
 * @since 0.1.0
 * @category combinators
 */
export const adopt = Effect.fnUntraced(function*(cleanRoom: CleanRoom & { readonly id: string }) {
  const { id, ...unnumbered } = cleanRoom
  const [known, made, changed] = yield* Effect.all([
    get(key(`of/${id}`)),
    get(yield* sentKey(unnumbered)),
    get(yield* sentKey(cleanRoom))
  ])
  const updatedAt = cleanRoom.timeAudit?.updatedAt
  const moved = (kept: Kept) => kept.updatedAt !== updatedAt
  if (Option.exists(known, (kept) => !moved(kept))) return
  const sent = Option.orElse(Option.filter(changed, moved), () => Option.isNone(known) ? made : Option.none())
  if (Option.isSome(sent)) yield* remember(cleanRoom, sent.value.settings)
})

/**
 * What was set for a clean room through this server. `stale` where Habu says that it was changed since, in Habu's UI or
 * by another program: then it proves nothing.
 *
 * @since 0.1.0
 * @category getters
 */
export const of = Effect.fnUntraced(function*(cleanRoom: CleanRoom & { readonly id: string }) {
  const kept = yield* get(key(`of/${cleanRoom.id}`))
  return Option.map(kept, ({ settings, updatedAt }) => ({
    settings: settings satisfies Settings,
    stale: updatedAt !== cleanRoom.timeAudit?.updatedAt
  }))
})

const bare = (text: string) => text.trim().toUpperCase().replace(/^(SUB_REGION|REGION|CLOUD)_/, "")

const decode = (name: Name, text: string) =>
  Schema.decodeUnknownOption(Known)({
    [name]: name === "crowd_size" || name === "data_decibel" ? Number(text.trim()) : bare(text)
  })

const configured = (name: Name) =>
  Effect.flatMap(Effect.orElseSucceed(Config.option(Config.string(variables[name])), Option.none<string>), (text) => {
    if (Option.isNone(text)) return Effect.succeed<Settings>({})
    const settings = decode(name, text.value)
    return Option.isSome(settings) ? Effect.succeed<Settings>(settings.value) : Effect.fail(
      new ConfigurationInvalid({
        setting: variables[name],
        problem: `is ${JSON.stringify(Text.clean(text.value, 40))}, which is not possible`,
        advice: `Set it to one of: ${possible(name)}; or unset it.`
      })
    )
  })

/**
 * What a new clean room gets, and where each value comes from.
 *
 * @since 0.1.0
 * @category models
 */
export interface Chosen {
  readonly settings: Settings
  readonly sources: { readonly [K in Name]?: string }
  /** What nobody said, to be asked for. */
  readonly missing: ReadonlyArray<Name>
}

/**
 * Chooses the settings of a new clean room: what is given, what this server set last, what HABU_DEFAULT_* says. Flags
 * are off unless given.
 *
 * @since 0.1.0
 * @category constructors
 */
export const choose = Effect.fnUntraced(function*(given: Given) {
  const before = yield* get(last)
  const defaults = yield* Effect.forEach(names, configured)
  const layers: ReadonlyArray<readonly [string, Settings]> = [
    ["given", given],
    ...(Option.isSome(before) ? [[`as last set, for ${before.value.name}`, before.value.settings] as const] : []),
    ...names.map((name, index) => [variables[name], defaults[index] ?? {}] as const)
  ]
  const found = names.map((name) => ({ name, layer: layers.find(([, settings]) => settings[name] !== undefined) }))
  return {
    settings: {
      ...Object.fromEntries(found.map(({ layer, name }) => [name, layer?.[1][name]])),
      enable: given.enable ?? []
    } as Settings,
    sources: Object.fromEntries(found.flatMap(({ layer, name }) => layer === undefined ? [] : [[name, layer[0]]])),
    missing: found.flatMap(({ layer, name }) => layer === undefined ? [name] : [])
  } satisfies Chosen
})

/**
 * The settings as Habu takes them; undefined where one is missing.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toWire = (settings: Settings): CleanRoomParameterRequest | undefined => {
  const { cloud, crowd_size, data_decibel, enable, region, sub_region } = settings
  if ([cloud, crowd_size, data_decibel, enable, region, sub_region].includes(undefined)) return undefined
  const wire = {
    REGION: `REGION_${region}`,
    CLOUD: `CLOUD_${cloud}`,
    ...(sub_region !== "NONE" && { SUB_REGION: `SUB_REGION_${sub_region}` }),
    ...Object.fromEntries(
      Object.entries(flags).map(([flag, name]) => [name, String(enable?.some((on) => on === flag))])
    ),
    CROWD_SIZE: String(crowd_size),
    DATA_DECIBEL: String(data_decibel)
  }
  return Option.getOrUndefined(Schema.decodeUnknownOption(CleanRoomParameterRequest)(wire))
}

const offered: { readonly [cloud: string]: ReadonlyArray<string> } = {
  AWS: ["US", "AFRICA", "UAE"],
  GCP: ["US", "APAC", "EU"],
  AZURE: ["US", "EU"]
}

/**
 * A warning where a cloud is not known to offer a region.
 *
 * @since 0.1.0
 * @category getters
 */
export const doubt = ({ cloud, region }: Settings): ReadonlyArray<string> =>
  cloud === undefined || region === undefined || offered[cloud]?.includes(region) === true
    ? []
    : [`Habu's documents do not name ${cloud} in ${region} as a possible place; Habu decides.`]

/**
 * The words for what was set, a line for each.
 *
 * @since 0.1.0
 * @category formatting
 */
export const lines = (settings: Settings, sources: Chosen["sources"] = {}): ReadonlyArray<string> => [
  ...names.flatMap((name) =>
    settings[name] === undefined
      ? []
      : [`${name}: ${settings[name]}${sources[name] === undefined ? "" : ` (${sources[name]})`}`]
  ),
  ...(settings.enable === undefined ? [] : [`on: ${settings.enable.join(", ") || "nothing"}`])
]
