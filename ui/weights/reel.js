// Unpacks a layer's weights through training and keeps them for film.js, by name. They are sent once and not at every
// change of what is shown of them.
const KEPT = 3 // reels: of this run, and of the ones before

export default function ({ data }) {
  const reels = (globalThis.digitLabReels ??= new Map())
  if (reels.has(data.name)) return
  unpack(data).then((levels) => {
    reels.set(data.name, { ...data, packed: null, levels })
    for (const name of reels.keys()) {
      if (reels.size > KEPT) reels.delete(name) // the oldest first
    }
    globalThis.dispatchEvent(new Event("digit-lab-reel"))
  })
}

// base64 of zlib of int8 levels (epochs, units, h, w), each epoch but the first as the difference from the one before.
async function unpack({ packed, epochs }) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))
  const levels = new Int8Array(await new Response(stream).arrayBuffer())
  const size = levels.length / epochs
  for (let i = size; i < levels.length; i++) levels[i] += levels[i - size] // modulo 256, as they were subtracted
  return levels
}
