// Settings that may be folded are in a narrow window, where they stand above what they lead to: once, as soon as they are there.
// Whoever unfolds them has them unfolded.
const folded = new WeakSet()
let watching = null // for settings that are not there yet: one is enough, however often the page is drawn

export default function () {
  if (!matchMedia("(max-width: 640px)").matches) return
  watching?.disconnect()
  if (look()) return
  watching = new MutationObserver(() => look() && watching.disconnect())
  watching.observe(document.body, { childList: true, subtree: true })
  setTimeout((one) => one.disconnect(), 10_000, watching)
}

function look() {
  const settings = document.querySelector(".st-key-folded_when_narrow details")
  if (!settings || folded.has(settings)) return Boolean(settings)
  folded.add(settings)
  if (settings.open) settings.querySelector("summary").click()
  return true
}
