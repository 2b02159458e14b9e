/**
 * The seeded destinations, their credentials, and the clean rooms they are in.
 *
 * @since 0.1.0
 */
import * as Redacted from "effect/Redacted"
import * as DestinationPartners from "../DestinationPartners.js"
import * as Ids from "../Ids.js"
import type * as Rows from "../Rows.js"
import type * as World from "../World.js"
import * as CleanRooms from "./CleanRooms.js"
import * as Organizations from "./Organizations.js"

interface Spec {
  readonly key: string
  readonly owner?: Organizations.Party
  readonly name: string
  readonly partner: string
  /** The key of a credential that data connections have too. */
  readonly shared?: string
  /** A credential of its own. */
  readonly values?: { readonly [field: string]: string }
  readonly publicKey?: string
  /** Days ago that it was made, and checked. */
  readonly age: number
  readonly rooms: ReadonlyArray<readonly [CleanRooms.Key, Rows.Provision["review"]]>
}

const specs: ReadonlyArray<Spec> = [
  {
    key: "s3",
    name: "Alder & Pine S3 Exports",
    partner: "S3_EXPORT",
    shared: "aws",
    age: 150,
    rooms: [["summer", "APPROVED"], ["publisher", "APPROVED"], ["agency", "APPROVED"], ["spring", "APPROVED"]]
  },
  {
    key: "activation",
    name: "Alder & Pine Activation",
    partner: "LIVERAMP_ACTIVATION",
    values: {},
    age: 120,
    rooms: [["summer", "APPROVED"], ["marketplace", "PENDING"]]
  },
  {
    key: "facebook",
    name: "Alder & Pine Facebook Ads ",
    partner: "FACEBOOK_CUSTOM_AUDIENCES",
    values: { FACEBOOK_AD_ACCOUNT_ID: "act_2040611", FACEBOOK_ACCESS_TOKEN: "expired" },
    age: 64,
    rooms: [["summer", "APPROVED"]]
  },
  {
    key: "archive",
    name: "Report Archive (GCS)",
    partner: "GCS_EXPORT",
    shared: "gcp",
    publicKey: "-----BEGIN PGP PUBLIC KEY BLOCK-----",
    age: 0,
    rooms: []
  },
  {
    key: "brand-ads",
    owner: "brand",
    name: "Fizzwell Customer Match",
    partner: "GOOGLE_CUSTOMER_MATCH",
    values: { GOOGLE_ADS_CUSTOMER_ID: "310-555-0142", GOOGLE_ADS_REFRESH_TOKEN: "synthetic-refresh-token-of-fizzwell" },
    age: 12,
    rooms: [["summer", "PENDING"]]
  },
  {
    key: "publisher-s3",
    owner: "publisher",
    name: "Lumen Street Reports",
    partner: "S3_IAM_ROLE_EXPORT",
    age: 90,
    rooms: [["publisher", "APPROVED"], ["marketplace", "APPROVED"]]
  }
]

const day = 86_400_000

/**
 * A seeded destination's id.
 *
 * @since 0.1.0
 * @category getters
 */
export const idOf = (world: World.Service, key: string): string => Ids.uuid(world.seed, `destination/${key}`)

const credentialId = (world: World.Service, key: string) => Ids.uuid(world.seed, `credential/${key}`)

const plantCredential = (world: World.Service, spec: Spec, createdAt: number): string | undefined => {
  const { shared, values } = spec
  if (values === undefined) return shared === undefined ? undefined : credentialId(world, shared)
  return world.credentials.put({
    id: credentialId(world, spec.key),
    organizationId: Organizations.idOf(world, spec.owner ?? "retailer"),
    name: spec.name,
    sourceName: DestinationPartners.named(spec.partner)?.credentialSources[0] ?? "",
    values: Object.fromEntries(Object.entries(values).map(([field, value]) => [field, Redacted.make(value)])),
    createdAt,
    updatedAt: createdAt
  }).id
}

const plantDestination = (world: World.Service, spec: Spec, now: number) => {
  const createdAt = now - spec.age * day
  const { id: destinationId } = world.destinations.put({
    id: idOf(world, spec.key),
    organizationId: Organizations.idOf(world, spec.owner ?? "retailer"),
    name: spec.name,
    partnerId: DestinationPartners.named(spec.partner)?.id ?? "",
    credentialId: plantCredential(world, spec, createdAt),
    publicKey: spec.publicKey,
    checkedFrom: createdAt,
    createdAt,
    updatedAt: createdAt
  })
  for (const [key, review] of spec.rooms) {
    const cleanRoomId = CleanRooms.idOf(world, key)
    world.provisions.put({
      id: `${cleanRoomId}/${destinationId}`,
      cleanRoomId,
      destinationId,
      review,
      createdAt: createdAt + day / 2,
      updatedAt: createdAt + day / 2
    })
  }
}

/**
 * Plants destinations.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plant = (world: World.Service, now: number): void => {
  for (const spec of specs) plantDestination(world, spec, now)
}
