/**
 * How live answers stray from the contract, as pure functions on an operation's JSON. `strictContract` leaves them out.
 *
 * @since 0.1.0
 */

type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }
type Fields = { readonly [key: string]: Json }

const isFields = (json: Json): json is Fields => typeof json === "object" && json !== null && !Array.isArray(json)

const fields = (change: (fields: Fields) => Fields) => (json: Json): Json => isFields(json) ? change(json) : json

const each = (change: (json: Json) => Json) => (json: Json): Json => Array.isArray(json) ? json.map(change) : json

const readable = (parameters: Json | undefined): Fields =>
  parameters !== undefined && isFields(parameters) && parameters["ENABLE_EXPORT"] !== undefined
    ? { ENABLE_EXPORT: parameters["ENABLE_EXPORT"] }
    : {}

const cleanRoom = fields((room) => ({
  ...room,
  endAt: room["endAt"] ?? "",
  questionsCount: 0,
  cleanRoomParameters: readable(room["cleanRoomParameters"])
}))

const question = fields((item) => ({ ...item, dimension: item["dimension"] ?? null }))

const asWaiting = (status: Json | undefined) => status === "VERIFYING_ACCESS" ? "WAITING_FOR_FILE" : status ?? null

const dataConnection = fields((connection) => ({
  ...connection,
  configStatus: connection["stage"] ?? null,
  stage: asWaiting(connection["configStatus"])
}))

const credential = fields((item) => ({ ...item, credentialSourceName: null }))

const quirks: { readonly [operation: string]: (json: Json) => Json } = {
  createCleanroom: cleanRoom,
  updateCleanroom: cleanRoom,
  getCleanroomById: cleanRoom,
  getAllCleanrooms: each(cleanRoom),
  getAllCleanroomQuestions: each(question),
  getCleanroomQuestionById: question,
  createDataConnection: dataConnection,
  updateDataConnection: dataConnection,
  getDataConnectionById: dataConnection,
  getAllDataConnections: each(dataConnection),
  getAllOrganizationCredentials: each(credential)
}

const onlyOne = (json: Json): Json => Array.isArray(json) ? json[0] ?? {} : json

/** Lists that the contract types as a single object. */
const promises: { readonly [operation: string]: (json: Json) => Json } = {
  listPartnerInvitationsForInviter: onlyOne,
  getQuestionDataTypes: onlyOne
}

/**
 * What becomes of an operation's answer: what live Habu was seen to make of it, or, by the strict contract, the shape
 * that the contract names.
 *
 * @since 0.1.0
 * @category getters
 */
export const of = (operation: string, strictContract: boolean): ((json: Json) => Json) | undefined =>
  strictContract ? promises[operation] : quirks[operation]
