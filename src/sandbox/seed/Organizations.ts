/**
 * The organisations of the seeded world and their people.
 *
 * @since 0.1.0
 */
import * as Ids from "../Ids.js"
import type * as Rows from "../Rows.js"
import type * as World from "../World.js"

/**
 * The organisations by the names that the seed uses. The outsider takes no part in anything of ours.
 *
 * @since 0.1.0
 * @category models
 */
export type Party = "retailer" | "brand" | "publisher" | "agency" | "outsider"

const organizations: ReadonlyArray<readonly [Party, string]> = [
  ["retailer", "Alder & Pine Retail"],
  ["brand", "Fizzwell Beverages"],
  ["publisher", "Lumen Street Media"],
  ["agency", "Kestrel Agency"],
  ["outsider", "Northwind Grocers"]
]

const people: ReadonlyArray<readonly [Party, string, string, string]> = [
  ["retailer", "Maren Holt", "maren.holt@alderpine.example", "Organization Admin"],
  ["retailer", "Tobias Lind", "tobias.lind@alderpine.example", "Clean Room Admin"],
  ["retailer", "Priya Nair", "priya.nair@alderpine.example", "Data Scientist"],
  ["retailer", "Jonas Beck", "jonas.beck@alderpine.example", "Business Analyst"],
  ["retailer", "Elena Duarte", "elena.duarte@alderpine.example", "Data Engineer/IT"],
  ["brand", "Dana Whitfield", "dana.whitfield@fizzwell.example", "Organization Admin"],
  ["brand", "Noah Kim", "noah.kim@fizzwell.example", "Data Scientist"],
  ["publisher", "Lucia Ferreira", "lucia.ferreira@lumenstreet.example", "Organization Admin"],
  ["publisher", "Henrik Aas", "henrik.aas@lumenstreet.example", "Business Analyst"],
  ["agency", "Owen Marsh", "owen.marsh@kestrel.example", "Organization Admin"],
  ["outsider", "Grace Odum", "grace.odum@northwind.example", "Organization Admin"]
]

/**
 * An organisation's id.
 *
 * @since 0.1.0
 * @category getters
 */
export const idOf = (world: World.Service, party: Party): string => Ids.uuid(world.seed, `organization/${party}`)

/**
 * A seeded person's id, by name.
 *
 * @since 0.1.0
 * @category getters
 */
export const personId = (world: World.Service, name: string): string => Ids.uuid(world.seed, `person/${name}`)

/** The API user stands among the people, named and addressed as live ones are. */
const apiUser = (world: World.Service): Rows.Person => ({
  id: world.apiUserId,
  organizationId: world.organizationId,
  name: `API User ${world.apiUserId}`,
  email: `api-user-${world.apiUserId.toLowerCase()}@habu.com`,
  roleName: "API Administrator"
})

/**
 * Plants organisations and people.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plant = (world: World.Service): void => {
  for (const [party, name] of organizations) {
    world.organizations.put({ id: idOf(world, party), name, party: party === "outsider" ? undefined : party })
  }
  world.people.put(apiUser(world))
  for (const [party, name, email, roleName] of people) {
    world.people.put({ id: personId(world, name), organizationId: idOf(world, party), name, email, roleName })
  }
}
