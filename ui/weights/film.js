// A layer's units as one picture, accuracy and confusion matrix, through all epochs that are kept: scrubbed and played here
// in the browser, without asking the server. The server is told of the epoch where one stops, and of the unit that is chosen.
const FRAME = 150 // milliseconds of an epoch while playing
const REST = 200 // milliseconds without a move after which a scrub is over
const BORDER = 2 // pixels around every unit, as in core/charts/colours.py
const PLAY = '<svg viewBox="0 0 24 24"><path d="M8 5v14l11-7z"/></svg>'
const PAUSE = '<svg viewBox="0 0 24 24"><path d="M6 5h4v14H6zm8 0h4v14h-4z"/></svg>'
const films = new WeakMap() // by parent element: one for each place on a page

export default function ({ data, parentElement, setTriggerValue }) {
  let film = films.get(parentElement)
  if (!film) {
    film = new Film(parentElement)
    films.set(parentElement, film)
  }
  film.tell = setTriggerValue
  film.take(data)
  return () => film.close()
}

class Film {
  constructor(parent) {
    const find = (name) => parent.querySelector(name)
    this.root = find(".film")
    this.canvas = find(".grid")
    this.sheet = document.createElement("canvas") // the picture at one dot a weight
    this.scrub = find(".scrub")
    this.button = find(".play")
    this.curve = find(".curve")
    this.matrix = find(".matrix")
    this.heads = { columns: find(".columns"), rows: find(".rows") }
    this.words = { epoch: find(".epoch"), accuracies: find(".accuracies"), low: find(".low"), high: find(".high"),
      top: find(".top"), bottom: find(".bottom") }
    this.ticks = find(".ticks")
    this.zoom = find(".zoom")
    this.zoom.onclick = () => this.zoomed()
    this.bar = find(".bar")
    this.scrub.oninput = () => this.scrubbed(Number(this.scrub.value))
    this.button.onclick = () => (this.timer ? this.stop() : this.play())
    this.canvas.onclick = (event) => this.choose(this.unitAt(event))
    this.canvas.onmousemove = (event) => (this.canvas.title = this.name(this.unitAt(event)))
    this.canvas.onkeydown = (event) => this.key(event)
    this.arrived = () => this.draw()
    globalThis.addEventListener("digit-lab-reel", this.arrived)
    this.observer = new ResizeObserver(() => this.resized())
    this.observer.observe(this.canvas)
  }

  close() {
    clearTimeout(this.timer)
    clearTimeout(this.rest)
    this.observer.disconnect()
    globalThis.removeEventListener("digit-lab-reel", this.arrived)
  }

  // Shows all of the accuracies, or only the range of those after training has begun.
  zoomed() {
    this.closeUp = !this.closeUp
    this.drawCurve()
    this.draw()
  }

  resized() {
    this.drawCurve()
    this.draw()
  }

  // What the server says. Where one stands is taken over only once it has heard of everything that was done here.
  take(data) {
    const other = this.data?.reel !== data.reel
    if (other) clearTimeout(this.timer)
    if (other) this.timer = null
    if (this.turn === undefined || other) this.turn = data.turn
    this.data = data
    if (data.turn === this.turn && !this.timer) {
      this.place = data.place
      this.unit = data.unit
    }
    this.scrub.max = data.epochs.length - 1
    this.number()
    this.resized()
  }

  scrubbed(place) {
    clearTimeout(this.timer)
    this.timer = null
    this.turn += 1
    this.place = place
    this.draw()
    this.settleSoon()
  }

  settleSoon() {
    clearTimeout(this.rest)
    this.rest = setTimeout(() => this.settle(), REST)
  }

  settle() {
    this.tell("settled", { epoch: this.data.epochs[this.place], turn: this.turn })
  }

  play() {
    clearTimeout(this.rest)
    this.turn += 1
    if (this.place === this.data.epochs.length - 1) this.place = 0
    else this.place += 1
    const next = () => {
      if (this.place === this.data.epochs.length - 1) return this.stop()
      this.place += 1
      this.timer = setTimeout(next, FRAME)
      this.draw()
    }
    this.timer = setTimeout(next, FRAME)
    this.draw()
  }

  stop() {
    clearTimeout(this.timer)
    this.timer = null
    this.turn += 1
    this.draw()
    this.settle()
  }

  choose(unit) {
    if (unit === null || unit === this.unit) return
    this.turn += 1
    this.unit = unit
    this.draw()
    clearTimeout(this.choice)
    this.choice = setTimeout(() => this.tell("chosen", { unit, turn: this.turn }), 60) // a key that is held down
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.data.columns, ArrowDown: this.data.columns }[event.key]
    if (!step) return
    event.preventDefault()
    const at = this.data.order.indexOf(this.unit) + step
    if (at >= 0 && at < this.data.order.length) this.choose(this.data.order[at])
  }

  unitAt(event) {
    const reel = this.reel()
    if (!reel) return null
    const box = this.canvas.getBoundingClientRect()
    const x = ((event.clientX - box.left) / box.width) * this.sheet.width - BORDER / 2
    const y = ((event.clientY - box.top) / box.height) * this.sheet.height - BORDER / 2
    const { across, down } = this.pitch(reel)
    const column = Math.floor(x / across)
    const row = Math.floor(y / down)
    if (column < 0 || row < 0 || column >= this.data.columns) return null
    return this.data.order[row * this.data.columns + column] ?? null
  }

  name(unit) {
    return unit === null ? "" : this.data.names[unit]
  }

  // From one unit to the next, in dots of the sheet; small kernels get several dots a weight, or borders would drown them.
  pitch({ width, height }) {
    const dots = Math.max(1, Math.floor(28 / width))
    return { dots, across: width * dots + BORDER, down: height * dots + BORDER }
  }

  reel() {
    return globalThis.digitLabReels?.get(this.data.reel)
  }

  draw() {
    const { data, place } = this
    const epoch = data.epochs[place]
    this.root.dataset.epoch = epoch
    this.root.dataset.unit = this.unit
    this.root.dataset.playing = Boolean(this.timer)
    this.scrub.value = place
    this.scrub.setAttribute("aria-valuetext", `epoch ${epoch}`)
    const playing = this.timer ? "Pause" : "Play the training"
    if (this.button.title !== playing) {
      this.button.title = playing
      this.button.setAttribute("aria-label", playing)
      this.button.innerHTML = this.timer ? PAUSE : PLAY
    }
    this.words.epoch.textContent = `Epoch ${epoch}`
    this.words.accuracies.replaceChildren(...data.accuracies.map((line) => this.accuracy(line, place)))
    this.cursor?.setAttribute("x1", place)
    this.cursor?.setAttribute("x2", place)
    this.drawMatrix(data.matrices[place])
    const reel = this.reel()
    if (reel) this.drawUnits(reel)
  }

  accuracy(line, place) {
    const { name, dash, colour } = line
    const span = document.createElement("span")
    const key = document.createElement("i")
    key.style.borderColor = `rgb(${colour})`
    key.style.borderTopStyle = dash ? "dashed" : "solid"
    span.append(key, `${name} ${line.words[place] ?? "–"}`)
    return span
  }

  // The accuracies as lines above the scrubber, each epoch above the place of the scrubber's knob.
  drawCurve() {
    const { data, curve } = this
    const last = data.epochs.length - 1
    const knob = 8 // pixels from the end of a range to the middle of its knob
    const width = Math.max(1, curve.clientWidth - 2 * knob)
    const side = (knob / width) * last || 0.5
    curve.setAttribute("viewBox", `${-side} -0.03 ${(last || 1) + 2 * side} 1.06`)
    const trained = data.accuracies.flatMap(({ values }) => values.slice(1)).filter((value) => value !== null)
    const close = Math.min(0.95, Math.floor(Math.min(...trained, 1) * 20) / 20) // where training begins flattens the rest
    const low = this.closeUp ? close : 0
    this.words.top.textContent = "100%"
    this.words.bottom.textContent = `${Math.round(low * 100)}%`
    this.zoom.hidden = close === 0
    this.zoom.textContent = this.closeUp ? "all" : "zoom"
    this.zoom.title = this.closeUp ? "Show the whole axis, from 0%" : `Show only what is above ${Math.round(close * 100)}%`
    this.zoom.setAttribute("aria-label", `${this.zoom.textContent}: ${this.zoom.title}`)
    const lines = data.accuracies.map(({ dash, values, colour }) => {
      const y = (value) => (1 - value) / (1 - low)
      const points = values.flatMap((value, i) => (value === null ? [] : [`${i},${y(value)}`]))
      return `<polyline points="${points.join(" ")}" stroke="rgb(${colour})" stroke-dasharray="${dash ? "5 3" : "none"}"/>`
    })
    const frame = `<rect x="${-side}" width="${(last || 1) + 2 * side}" height="1"/>`
    curve.innerHTML = frame + lines.join("") + '<line y1="-0.05" y2="1.2"/>'
    this.cursor = curve.querySelector("line")
    this.numberEpochs(knob, width)
  }

  // The epochs below the curve, each below the place of the knob: the first, the last, and between them what has room.
  numberEpochs(knob, width) {
    const epochs = this.data.epochs
    const last = epochs.length - 1
    const at = (place) => knob + (width * place) / (last || 1)
    const room = 24 // pixels for a number
    const shown = [0]
    for (let place = 1; place < last; place++)
      if (at(place) - at(shown.at(-1)) >= room && at(last) - at(place) >= room) shown.push(place)
    if (last) shown.push(last)
    this.ticks.replaceChildren(...shown.map((place) => {
      const tick = Object.assign(document.createElement("span"), { textContent: epochs[place] })
      tick.style.left = `${at(place)}px`
      return tick
    }))
  }

  // Where each column is a unit and each row one of its inputs: their numbers, as many as there is room for.
  number() {
    const { together, columns, order } = this.data
    const counts = { columns: together ? columns : 0, rows: together ? order.length / columns : 0 }
    for (const [name, head] of Object.entries(this.heads)) {
      const every = Math.ceil(counts[name] / 20)
      const number = (_, i) => Object.assign(document.createElement("span"), { textContent: i % every ? "" : i })
      head.hidden = !together
      head.replaceChildren(...Array.from({ length: counts[name] }, number))
    }
  }

  drawMatrix(fills) {
    if (!this.cells) {
      const digits = [...Array(10).keys()]
      const square = (row, column) => `<rect x="${13 + column * 12}" y="${13 + row * 12}" width="11" height="11" rx="1.5"/>`
      const names = digits.map((d) => `<text x="${18.5 + d * 12}" y="8">${d}</text><text x="5" y="${21.5 + d * 12}">${d}</text>`)
      this.matrix.innerHTML = digits.map((row) => digits.map((column) => square(row, column)).join("")).join("") + names.join("")
      this.cells = this.matrix.querySelectorAll("rect")
    }
    this.matrix.style.opacity = fills ? 1 : 0.25
    if (fills) this.cells.forEach((cell, i) => cell.setAttribute("fill", fills.slice(i * 7, i * 7 + 7)))
  }

  drawUnits(reel) {
    const { sheet, canvas, data, place } = this
    const { width, height, units } = reel
    const rows = Math.ceil(data.order.length / data.columns)
    const { dots: times, across, down } = this.pitch(reel)
    sheet.width = data.columns * across + BORDER
    sheet.height = rows * down + BORDER
    const context = sheet.getContext("2d")
    const picture = context.createImageData(sheet.width, sheet.height)
    const dots = new Uint32Array(picture.data.buffer)
    dots.fill(packed(data.colours.paper))
    data.order.forEach((unit, i) => {
      const top = Math.floor(i / data.columns) * down + BORDER
      const left = (i % data.columns) * across + BORDER
      const shades = this.shades(reel.largest[place][unit] / this.end(reel, unit))
      const from = (place * units + unit) * height * width
      for (let y = 0; y < height * times; y++) {
        const row = from + Math.floor(y / times) * width
        let to = (top + y) * sheet.width + left
        for (let x = 0; x < width; x++) dots.fill(shades[reel.levels[row + x] + 128], to, (to += times))
      }
    })
    context.putImageData(picture, 0, 0)
    this.enlarge(reel)
    this.drawLegend(reel)
  }

  enlarge(reel) {
    const { sheet, canvas, data, place } = this
    const times = Math.max(1, Math.ceil((canvas.clientWidth * devicePixelRatio) / sheet.width))
    if (canvas.width !== sheet.width * times) canvas.width = sheet.width * times
    if (canvas.height !== sheet.height * times) canvas.height = sheet.height * times
    const enlarged = canvas.getContext("2d")
    enlarged.imageSmoothingEnabled = false
    enlarged.drawImage(sheet, 0, 0, canvas.width, canvas.height)
    this.frameChosen(enlarged, reel, times)
    canvas.setAttribute("aria-label", `${data.alt} after epoch ${data.epochs[place]}`)
  }

  drawLegend(reel) {
    const { data } = this
    const end = data.scale === "own" ? null : this.end(reel, 0)
    this.words.low.textContent = end === null ? "its largest below 0" : `−${end.toPrecision(2)}`
    this.words.high.textContent = end === null ? "its largest above 0" : `+${end.toPrecision(2)}`
    const { negative, zero, positive } = data.colours
    this.bar.style.background = `linear-gradient(90deg, rgb(${negative}), rgb(${zero}), rgb(${positive}))`
  }

  frameChosen(context, reel, times) {
    const at = this.data.order.indexOf(this.unit)
    if (at < 0) return
    const { across, down } = this.pitch(reel)
    const together = this.data.together ? this.data.order.length / this.data.columns : 1 // rows that are framed at once
    const x = (at % this.data.columns) * across + BORDER / 2
    const y = (this.data.together ? 0 : Math.floor(at / this.data.columns)) * down + BORDER / 2
    context.strokeStyle = `rgb(${this.data.colours.ink})`
    context.lineWidth = Math.min(Math.max(2, BORDER * times * 0.9), 4 * devicePixelRatio)
    context.strokeRect(x * times, y * times, across * times, together * down * times)
  }

  // Where a unit's scale of colours ends.
  end(reel, unit) {
    const ends = { own: () => reel.own[this.place][unit], common: () => reel.common[this.place], training: () => reel.training }
    return ends[this.data.scale]() || 1
  }

  // The colour of each level from -128 to 127, where level 127 is `gain` times the end of the scale.
  shades(gain) {
    const { negative, zero, positive } = this.data.colours
    return Uint32Array.from({ length: 256 }, (_, i) => {
      const share = Math.max(-1, Math.min(1, ((i - 128) / 127) * gain))
      const end = share < 0 ? negative : positive
      return packed(zero.map((value, channel) => value + Math.abs(share) * (end[channel] - value)))
    })
  }
}

// Red, green and blue as one dot of an ImageData, on a little-endian machine, as all browsers' are.
function packed([red, green, blue]) {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0
}
