// What the networks receive and what they answer. The elements stay and only their words and lengths change, so that an
// answer can follow every stroke.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".answers")
  root.classList.toggle("empty", data.empty)
  pictures(root, data)
  voices(root.querySelector(".voices"), data)
  root.querySelector(".said").textContent = data.empty
    ? ""
    : data.voices.map(({ name, digit, verdict }) => `${name}: ${digit} ${verdict}`).join("; ")
  root.dataset.shown = data.shown
}

function pictures(root, data) {
  const place = root.querySelector(".pictures")
  place.classList.toggle("many", data.pictures.length > 1)
  fit(place, data.pictures.length, () => document.createElement("img"))
  data.pictures.forEach((picture, i) => {
    const image = place.children[i]
    if (image.src !== picture) image.src = picture
    image.alt = data.alt
  })
  root.querySelector("h2").textContent = data.head
  root.querySelector(".seen p").textContent = data.words
}

function voices(place, data) {
  fit(place, data.voices.length, voice)
  data.voices.forEach((said, i) => {
    const card = place.children[i]
    const find = (name) => card.querySelector(name)
    card.dataset.voice = said.key
    card.classList.toggle("unsure", said.unsure)
    card.setAttribute("aria-label", `${said.name}: ${said.digit} ${said.sure} ${said.verdict}`)
    find("h2").textContent = said.name
    find(".digit").textContent = said.digit
    find(".digit").classList.toggle("long", said.digit.length > 2)
    find(".sure").textContent = said.sure
    find(".verdict").textContent = said.verdict
    const bars = find(".bars")
    fit(bars, said.bars.length, bar)
    said.bars.forEach(({ name, share, words, top }, j) => {
      const row = bars.children[j]
      row.classList.toggle("top", top)
      row.firstChild.textContent = name
      row.querySelector("b").style.width = `${100 * share}%`
      row.lastChild.textContent = words
    })
  })
}

function voice() {
  const card = document.createElement("section")
  card.className = "voice"
  card.innerHTML = '<h2></h2><div class="answer"><span class="digit"></span><span class="sure"></span></div>'
    + '<div class="verdict"></div><div class="bars" aria-hidden="true"></div>'
  return card
}

function bar() {
  const row = document.createElement("div")
  row.className = "bar"
  row.innerHTML = "<span></span><i><b></b></i><span></span>"
  return row
}

// So many children and no more.
function fit(place, n, make) {
  while (place.children.length > n) place.lastChild.remove()
  while (place.children.length < n) place.append(make())
}
