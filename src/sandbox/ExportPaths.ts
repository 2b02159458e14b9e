/**
 * Where in a cloud store an export goes, and whether it may.
 *
 * Stores are as simple as they are for data connections: an organisation can write where the store's name begins like
 * its own.
 *
 * @since 0.1.0
 */
import type { ExportJobParameter } from "../habu/api/Exports.js"
import type * as Rows from "./Rows.js"
import type * as World from "./World.js"

const plain = (path: string) => path.toLowerCase().replace(/^[a-z0-9]+:\/\//, "").replace(/\/+$/, "")

const bucketOf = (path: string) => plain(path).split("/")[0] ?? ""

const locations = (world: World.Service, organizationId: string) =>
  world.dataConnections
    .where((connection) => connection.organizationId === organizationId)
    .flatMap(({ configuration }) => configuration)
    .flatMap(({ value = "" }) => value.includes("://") ? [plain(value)] : [])

const pathOf = (parameters: ReadonlyArray<ExportJobParameter>) =>
  parameters.find(({ name = "" }) => name.endsWith("_EXPORT_PATH"))?.value

/**
 * The data connection location that an export would write into, if there is one: Habu keeps the two apart.
 *
 * @since 0.1.0
 * @category getters
 */
export const collision = (
  world: World.Service,
  organizationId: string,
  parameters: ReadonlyArray<ExportJobParameter>
): string | undefined => {
  const path = pathOf(parameters)
  if (path === undefined) return undefined
  return locations(world, organizationId).find((location) => `${plain(path)}/`.startsWith(`${location}/`))
}

const isOwn = (world: World.Service, organizationId: string, path: string) => {
  const [word = ""] = (world.organizations.get(organizationId)?.name ?? "").toLowerCase().split(/[^a-z0-9]+/)
  return bucketOf(path).split(/[^a-z0-9]+/)[0] === word
}

/**
 * What keeps an export from its place. Out of a Confidential Computing clean room, LiveRamp lets data only into stores
 * that it knows: those that the organisation's data connections read.
 *
 * @since 0.1.0
 * @category getters
 */
export const obstacle = (
  world: World.Service,
  organizationId: string,
  room: Rows.CleanRoom,
  parameters: ReadonlyArray<ExportJobParameter>
): string | undefined => {
  const path = pathOf(parameters)
  if (path !== undefined && !isOwn(world, organizationId, path)) return `Access to ${path} was denied`
  const isKnown = path !== undefined &&
    locations(world, organizationId).some((location) => bucketOf(location) === bucketOf(path))
  return room.type === "HabuConfidentialComputing" && !isKnown
    ? `${path ?? "The destination"} is not on LiveRamp's list of allowed stores`
    : undefined
}
