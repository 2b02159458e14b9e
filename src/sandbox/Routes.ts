/**
 * Which operation a request means, read off the contract.
 *
 * @since 0.1.0
 */
import * as HttpApi from "@effect/platform/HttpApi"
import * as Arr from "effect/Array"
import * as Option from "effect/Option"
import { HabuApi } from "../habu/api/HabuApi.js"
import * as Operation from "../habu/api/Operation.js"

/**
 * An operation and where it is served, under `/v1`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Route {
  readonly operation: string
  readonly method: string
  readonly segments: ReadonlyArray<string>
  readonly takesBody: boolean
  readonly writes: boolean
}

const collect = (): ReadonlyArray<Route> => {
  const routes: Array<Route> = []
  HttpApi.reflect(HabuApi, {
    onGroup: () => {},
    onEndpoint: ({ endpoint, group }) => {
      const known = group.endpoints[endpoint.name]
      routes.push({
        operation: endpoint.name,
        method: endpoint.method,
        segments: endpoint.path.split("/").slice(1),
        takesBody: Option.isSome(endpoint.payloadSchema),
        writes: known === undefined || Operation.effectOf(known) !== "read"
      })
    }
  })
  const parameters = (route: Route) => route.segments.filter((segment) => segment.startsWith(":")).length
  return routes.sort((a, b) => parameters(a) - parameters(b))
}

/**
 * Every operation of the contract, those with fixed paths before those with parameters in the same places.
 *
 * @since 0.1.0
 * @category models
 */
export const all: ReadonlyArray<Route> = collect()

const bySize = Arr.groupBy(all, (route) => String(route.segments.length))

const shape = (route: Route) => route.segments.map((segment) => segment.startsWith(":") ? ":" : segment).join("/")

const fits = (route: Route, segments: ReadonlyArray<string>) =>
  route.segments.every((segment, index) =>
    segment.startsWith(":") ? segments[index] !== "" : segment === segments[index]
  )

/**
 * What a path under `/v1` and a method come to: the operation, or the methods that the path does have (none, if the
 * path is unknown). HEAD counts as GET.
 *
 * @since 0.1.0
 * @category getters
 */
export const match = (
  method: string,
  path: string
): { readonly route: Route | undefined; readonly methods: ReadonlyArray<string> } => {
  const segments = path.split("/").slice(1)
  const [first, ...rest] = (bySize[String(segments.length)] ?? []).filter((route) => fits(route, segments))
  if (first === undefined) return { route: undefined, methods: [] }
  const same = [first, ...rest.filter((route) => shape(route) === shape(first))]
  const wanted = method === "HEAD" ? "GET" : method
  return { route: same.find((route) => route.method === wanted), methods: same.map((route) => route.method) }
}
