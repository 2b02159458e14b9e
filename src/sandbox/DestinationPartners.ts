/**
 * The partners that destinations can be made with, and what each asks for.
 *
 * @since 0.1.0
 */
import type * as Api from "../habu/api/Destinations.js"
import * as Catalogues from "./Catalogues.js"
import * as Ids from "./Ids.js"

/** The same in every sandbox, as other catalogues are. */
const id = (name: string) => Ids.uuid(0, `catalogue/destination-partner/${name}`)

/**
 * A partner, the kinds of credential it takes (none: it needs none), and the parameters of export jobs to it.
 *
 * @since 0.1.0
 * @category models
 */
export interface DestinationPartner {
  readonly id: string
  readonly name: string
  readonly displayName: string
  readonly type: "EXPORTS" | "USER_LIST" | "QUESTION_USER_LIST" | "OFFLINE_CONVERSIONS"
  readonly credentialSources: ReadonlyArray<string>
  readonly takesPublicKey: boolean
  readonly exportParameters: ReadonlyArray<string>
}

const rows: ReadonlyArray<Omit<DestinationPartner, "id">> = [
  {
    name: "S3_EXPORT",
    displayName: "AWS S3 Export",
    type: "EXPORTS",
    credentialSources: ["AWS IAM User Credentials"],
    takesPublicKey: false,
    exportParameters: ["S3_EXPORT_PATH"]
  },
  {
    name: "S3_IAM_ROLE_EXPORT",
    displayName: "S3 IAM Role Export",
    type: "EXPORTS",
    credentialSources: [],
    takesPublicKey: true,
    exportParameters: ["S3_EXPORT_PATH"]
  },
  {
    name: "GCS_EXPORT",
    displayName: "GCS Export",
    type: "EXPORTS",
    credentialSources: ["Google Service Account"],
    takesPublicKey: true,
    exportParameters: ["GCS_EXPORT_PATH"]
  },
  {
    name: "AZURE_EXPORT",
    displayName: "Azure Blob Export",
    type: "EXPORTS",
    credentialSources: ["Azure SAS Token"],
    takesPublicKey: false,
    exportParameters: ["AZURE_EXPORT_PATH"]
  },
  {
    name: "LIVERAMP_ACTIVATION",
    displayName: "LiveRamp Activation",
    type: "QUESTION_USER_LIST",
    credentialSources: ["LiveRamp Activation"],
    takesPublicKey: false,
    exportParameters: []
  },
  {
    name: "FACEBOOK_CUSTOM_AUDIENCES",
    displayName: "Facebook Custom Audiences",
    type: "USER_LIST",
    credentialSources: ["Facebook Custom Audiences"],
    takesPublicKey: false,
    exportParameters: []
  },
  {
    name: "GOOGLE_CUSTOMER_MATCH",
    displayName: "Google Customer Match",
    type: "USER_LIST",
    credentialSources: ["Google Customer Match"],
    takesPublicKey: false,
    exportParameters: []
  },
  {
    name: "GOOGLE_OFFLINE_CONVERSIONS",
    displayName: "Google Offline Conversions",
    type: "OFFLINE_CONVERSIONS",
    credentialSources: ["Google Offline Conversions"],
    takesPublicKey: false,
    exportParameters: []
  }
]

/**
 * All of them.
 *
 * @since 0.1.0
 * @category catalogues
 */
export const all: ReadonlyArray<DestinationPartner> = rows.map((row) => ({ ...row, id: id(row.name) }))

/**
 * A partner by its id.
 *
 * @since 0.1.0
 * @category getters
 */
export const get = (id: string): DestinationPartner | undefined => all.find((partner) => partner.id === id)

/**
 * A partner by its name.
 *
 * @since 0.1.0
 * @category getters
 */
export const named = (name: string): DestinationPartner | undefined => all.find((partner) => partner.name === name)

const platformFields: { readonly [source: string]: ReadonlyArray<string> } = {
  "Facebook Custom Audiences": ["FACEBOOK_AD_ACCOUNT_ID", "FACEBOOK_ACCESS_TOKEN"],
  "Google Customer Match": ["GOOGLE_ADS_CUSTOMER_ID", "GOOGLE_ADS_REFRESH_TOKEN"],
  "Google Offline Conversions": ["GOOGLE_ADS_CUSTOMER_ID", "GOOGLE_ADS_REFRESH_TOKEN"]
}

/**
 * The fields of a kind of credential: those of its catalogue entry, where it has one.
 *
 * @since 0.1.0
 * @category getters
 */
export const fieldsOf = (source: string): ReadonlyArray<string> =>
  Catalogues.credentialSources.find(({ name }) => name === source)?.credentialConfig.map(({ name }) => name) ??
    platformFields[source] ?? []

const configs = (source: string): Api.PartnerConfigs =>
  fieldsOf(source).map((name, index) => {
    const encrypted = /SECRET|TOKEN|KEY$|JSON/.test(name)
    return {
      ID: id(`${source}/${name}`),
      name,
      index,
      type: encrypted ? "PASSWORD" : "TEXT",
      encrypted
    }
  })

/**
 * A partner as the contract's `Partner`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toWire = (partner: DestinationPartner): Api.Partner => {
  const [source] = partner.credentialSources
  return {
    ID: partner.id,
    name: partner.name,
    displayName: partner.displayName,
    type: partner.type,
    ...(source === undefined ? {} : { credentialSourceName: source }),
    credentialSources: partner.credentialSources,
    partnerConfigArray: partner.credentialSources.flatMap(configs),
    partnerConfigMap: Object.fromEntries(partner.credentialSources.map((name) => [name, configs(name)]))
  }
}
