import { describe, expect, it } from "vitest"
import { webhookUrl } from "../../../../ci/deployer/notification/webhook.ts"

describe("the address of a webhook", () => {
  it.each(["https://hooks.example.com/T0/s3cret", "http://10.0.0.7:9000/x?token=s3cret"])(
    "may be %s",
    text => {
      expect(webhookUrl(`${text}\n`).href).toBe(text)
    },
  )

  it.each([
    "",
    " \n",
    "s3cret",
    "//hooks.example.com/s3cret",
    "file:///etc/s3cret",
    "ftp://h/s3cret",
    "javascript:s3cret",
    "https://",
    "https://u:s3cret@h/",
    "https://s3cret@h/",
    "https://h/a\nhttps://h/s3cret",
    "https://h/a b",
  ])("is refused without being shown: %j", text => {
    const refused = thrown(text)
    expect(refused).toMatchObject({ code: "DEPLOY_WEBHOOK_UNUSABLE", outcome: "usage" })
    expect(JSON.stringify([refused, String(refused)])).not.toContain("s3cret")
  })
})

function thrown(text: string): unknown {
  try {
    return webhookUrl(text)
  } catch (error) {
    return error
  }
}
