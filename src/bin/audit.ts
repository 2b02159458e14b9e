/**
 * Where the command keeps its audit log: in the folder HABU_AUDIT, or beside the state; in memory where state is.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { join } from "node:path"
import * as AuditLog from "../audit/AuditLog.js"
import * as HabuState from "../habu/HabuState.js"
import * as StateConfig from "../state/StateConfig.js"

const usual = Effect.flatMap(StateConfig.config(), (location) => {
  switch (location._tag) {
    case "Memory":
      return Effect.succeedNone
    case "Folder":
      return Effect.succeedSome(join(location.path, "audit"))
    case "Redis":
      return Effect.map(StateConfig.usual(), (folder) => Option.some(join(folder, "audit")))
  }
})

const folder = Effect.flatMap(
  Config.option(Config.nonEmptyString("HABU_AUDIT")),
  Option.match({
    onNone: () => usual,
    onSome: (given) => given.toLowerCase() === "memory" ? Effect.succeedNone : Effect.succeedSome(given)
  })
)

const days = Config.withDefault(Config.integer("HABU_AUDIT_DAYS"), 90)

/** The log that the environment asks for. */
export const layerConfig = Layer.unwrapEffect(Effect.gen(function*() {
  const organization = yield* HabuState.namespace
  const place = yield* folder
  const kept = Duration.days(yield* days)
  return Option.match(place, {
    onNone: () => AuditLog.layerMemory(organization),
    onSome: (path) =>
      Layer.provide(AuditLog.layer({ folder: path, organization, kept }), [NodeFileSystem.layer, NodePath.layer])
  })
}))
