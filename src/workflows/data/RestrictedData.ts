/**
 * Data that may not be sent to LiveRamp, told by the names of fields: government identifiers, account and card numbers,
 * full birth dates, sensitive health, religion or orientation, biometrics, login credentials, and data of children under
 * 16 (LiveRamp's data restrictions).
 *
 * @since 0.1.0
 */

const kinds: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /(^|_)(ssn|social_security(_(no|number))?|national_(id|insurance)(_(no|number))?|passport(_(id|no|number))?|driv(er|ers|ing)_licen[cs]e(_(id|no|number))?|tax_?(id|number)|tin|itin|nino?|aadhaar|curp|cpf|government_id)($|_)/,
    "a government identifier"
  ],
  [
    /(^|_)(credit_card|debit_card|iban|bic|cvv2?|cvc|bank_account|routing_number|sort_code|account_(no|num|number)|pan)($|_)|(?<!loyalty_)(?<!member_)(?<!gift_)(^|_)card_(no|num|number)$/,
    "an account or card number"
  ],
  [/(^|_)(dob|birth_?date|date_of_birth|birth_?day)($|_)/, "a full birth date"],
  [
    /(^|_)(diagnos[ei]s|icd_?(9|10)?(_code)?|medical|medication|prescription|disease|disability|hiv|pregnan(t|cy)|health_(condition|status))($|_)/,
    "sensitive health data"
  ],
  [/(^|_)(religion|religious|faith|denomination)($|_)/, "religion"],
  [/(^|_)(sexual_?orientation|sexuality|lgbtq?)($|_)/, "sexual orientation"],
  [/(^|_)(biometrics?|fingerprint|face_?(id|print|template)|iris_scan|voice_?print|dna)($|_)/, "biometric data"],
  [
    /(^|_)(password|passwd|pwd|passphrase|passcode|pin_code|login_(name|password)|security_(question|answer))($|_)|^pin$/,
    "a login credential"
  ],
  [
    /(^|_)(is_minor|minor_flag|(child|children|kid|kids)_(name|age|id|dob|birth_?date|email)|under_?1[36]|parental_consent)($|_)/,
    "data of children under 16"
  ]
]

/**
 * A field's name in small letters and underscores: `customerId`, `Customer ID` and `customer_id` are one.
 *
 * @since 0.1.0
 * @category formatting
 */
export const plainName = (name: string): string =>
  name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "")

/**
 * What kind of restricted data a field's name points at, if any.
 *
 * @since 0.1.0
 * @category getters
 */
export const kindOf = (fieldName: string): string | undefined => {
  const name = plainName(fieldName)
  return kinds.find(([pattern]) => pattern.test(name))?.[1]
}
