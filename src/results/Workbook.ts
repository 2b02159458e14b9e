/**
 * An XLSX workbook of one sheet, zipped while it is written.
 *
 * @since 0.1.0
 */
import { strToU8, Zip, ZipDeflate, ZipPassThrough } from "fflate"

const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
const packageRelations = "http://schemas.openxmlformats.org/package/2006/relationships"
const kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
const declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

const parts: { readonly [path: string]: string } = {
  "[Content_Types].xml":
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" " +
    "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" " +
    `ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${kinds}.sheet.main+xml"/>` +
    `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kinds}.worksheet+xml"/><Override ` +
    `PartName="/xl/styles.xml" ContentType="${kinds}.styles+xml"/></Types>`,
  "_rels/.rels":
    `<Relationships xmlns="${packageRelations}"><Relationship Id="rId1" Type="${relations}/officeDocument" ` +
    "Target=\"xl/workbook.xml\"/></Relationships>",
  "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="Results" sheetId="1" ` +
    "r:id=\"rId1\"/></sheets></workbook>",
  "xl/_rels/workbook.xml.rels":
    `<Relationships xmlns="${packageRelations}"><Relationship Id="rId1" Type="${relations}/worksheet" ` +
    `Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
  "xl/styles.xml":
    `<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz ` +
    "val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>" +
    "<fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/>" +
    "<diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>" +
    "</cellStyleXfs><cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>" +
    "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" quotePrefix=\"1\" applyNumberFormat=\"1\"/>" +
    "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/></cellXfs></styleSheet>"
}

/**
 * A workbook that is being written: the sheet's XML in pieces, then the end.
 *
 * @since 0.1.0
 * @category models
 */
export interface Workbook {
  readonly push: (xml: string) => void
  readonly end: () => void
  /** What went wrong with the zipping, if anything did. */
  readonly failure: () => Error | undefined
}

/**
 * Begins one. `write` gets the bytes as they come, in order.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (write: (bytes: Uint8Array) => void): Workbook => {
  let failure: Error | undefined
  const zip = new Zip((error, bytes) => {
    if (error === null) write(bytes)
    else failure = error
  })
  for (const [path, content] of Object.entries(parts)) {
    const part = new ZipPassThrough(path)
    zip.add(part)
    part.push(strToU8(declaration + content), true)
  }
  const sheet = new ZipDeflate("xl/worksheets/sheet1.xml", { level: 4 })
  zip.add(sheet)
  return {
    push: (xml) => sheet.push(strToU8(xml), false),
    end: () => {
      sheet.push(new Uint8Array(0), true)
      zip.end()
    },
    failure: () => failure
  }
}
