"""How far texts stand out from their ground, asked of the browser."""

CONTRASTS = """all => {  // as WCAG defines it
    const luminance = colour => {
        const [r, g, b] = colour.match(/[\\d.]+/g).map(value => value / 255)
            .map(value => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const ground = element => {
        const colour = getComputedStyle(element).backgroundColor
        return colour === 'rgba(0, 0, 0, 0)' ? ground(element.parentElement) : colour
    }
    return all.map(element => {
        const pair = [luminance(getComputedStyle(element).color), luminance(ground(element))]
        return [(Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05), element.textContent.slice(0, 40)]
    })
}"""
