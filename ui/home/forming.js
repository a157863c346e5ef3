// Plays once by itself, in every tab, how neurons come to look for something; then it is scrubbed and played by whoever likes.
// Whoever wants nothing to move sees the end of it.
const FRAME = 260 // milliseconds of an epoch
const BORDER = 1 // pixels of weights around every neuron
const NARROW = 375 // pixels: below that three rows would take too much of a phone's first screen
const PLAY = '<svg viewBox="0 0 24 24"><path d="M8 5v14l11-7z"/></svg>'
const PAUSE = '<svg viewBox="0 0 24 24"><path d="M6 5h4v14H6zm8 0h4v14h-4z"/></svg>'
const films = new WeakMap()

export default function ({ data, parentElement }) {
  let film = films.get(parentElement)
  if (!film) films.set(parentElement, (film = new Film(parentElement)))
  film.take(data)
  return () => film.close()
}

class Film {
  constructor(parent) {
    this.canvas = parent.querySelector("canvas")
    this.button = parent.querySelector("button")
    this.scrub = parent.querySelector("input")
    this.words = { epoch: parent.querySelector("b"), reached: parent.querySelector("span") }
    this.button.onclick = () => (this.timer ? this.stop() : this.play())
    this.scrub.oninput = () => {
      this.stop()
      this.show(Number(this.scrub.value))
    }
    this.observer = new ResizeObserver(() => this.weights && this.show(this.place))
  }

  async take(data) {
    const first = !this.data
    this.data = data
    this.scrub.max = data.epochs.length - 1
    this.observer.observe(this.canvas)
    if (!first) return this.weights && this.show(this.place)
    const still = globalThis.digitLabHasFormed || matchMedia("(prefers-reduced-motion: reduce)").matches
    globalThis.digitLabHasFormed = true
    this.place = still ? data.epochs.length - 1 : 0
    this.weights = await unpack(data)
    this.stop()
    this.show(this.place)
    if (!still) this.timer = setTimeout(() => this.play(), 3 * FRAME)
  }

  close() {
    clearTimeout(this.timer)
    this.observer.disconnect()
  }

  play() {
    clearTimeout(this.timer)
    this.label("Pause", PAUSE)
    const last = this.data.epochs.length - 1
    if (this.place === last) this.show(0)
    const next = () => {
      this.show(this.place + 1)
      if (this.place === last) this.stop()
      else this.timer = setTimeout(next, FRAME)
    }
    this.timer = setTimeout(next, FRAME)
  }

  stop() {
    clearTimeout(this.timer)
    this.timer = null
    this.label("Play", PLAY)
  }

  label(words, sign) {
    this.button.setAttribute("aria-label", words)
    this.button.innerHTML = sign
  }

  show(place) {
    const { data, canvas, weights } = this
    this.place = place
    this.scrub.value = place
    const epoch = data.epochs[place]
    this.words.epoch.textContent = epoch ? `Epoch ${epoch}` : "Before learning"
    this.words.reached.textContent = data.words[place]
    this.scrub.setAttribute("aria-valuetext", `${this.words.epoch.textContent}: ${data.words[place]}`)
    canvas.setAttribute("aria-label", `What ${data.neurons} of its ${data.of} hidden neurons look for. ${this.words.epoch.textContent}`)
    const pitch = data.side + BORDER
    const columns = canvas.clientWidth < NARROW ? data.neurons / 2 : data.neurons / 3
    canvas.width = columns * pitch - BORDER
    canvas.height = (data.neurons / columns) * pitch - BORDER
    const brush = canvas.getContext("2d")
    const picture = brush.createImageData(canvas.width, canvas.height)
    const dots = new Uint32Array(picture.data.buffer)
    const shades = this.shades()
    const size = data.side * data.side
    for (let neuron = 0; neuron < data.neurons; neuron++) {
      const corner = Math.floor(neuron / columns) * pitch * canvas.width + (neuron % columns) * pitch
      const from = (place * data.neurons + neuron) * size
      for (let i = 0; i < size; i++) {
        dots[corner + Math.floor(i / data.side) * canvas.width + (i % data.side)] = shades[weights[from + i] + data.steps]
      }
    }
    brush.putImageData(picture, 0, 0)
  }

  // The colour of every step from the largest below zero to the largest above.
  shades() {
    const { steps, colours } = this.data
    return Uint32Array.from({ length: 2 * steps + 1 }, (_, i) => {
      const share = (i - steps) / steps
      const end = share < 0 ? colours.negative : colours.positive
      const [red, green, blue] = colours.zero.map((value, channel) => value + Math.abs(share) * (end[channel] - value))
      return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0 // on a little-endian machine, as all browsers' are
    })
  }
}

async function unpack({ packed, epochs }) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))
  const weights = new Int8Array(await new Response(stream).arrayBuffer())
  const size = weights.length / epochs.length
  for (let i = size; i < weights.length; i++) weights[i] += weights[i - size]
  return weights
}
