/**
 * Draws an SVG of this server into a PNG, twice its size so that it stays sharp in a document, and saves it.
 * Rejects when the picture cannot be loaded or the browser refuses a canvas that large.
 */
export async function savePng(svgAddress: string, fileName: string): Promise<void> {
  const response = await fetch(svgAddress);
  if (!response.ok) throw new Error(`the drawing answered ${response.status}`);
  const source = URL.createObjectURL(new Blob([await response.text()], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = source;
    await image.decode();
    // Browsers refuse canvases beyond 16,384 pixels a side.
    const scale = Math.min(2, 16_000 / image.width, 16_000 / image.height);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("no canvas to draw on");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob === null) throw new Error("the canvas gave no picture");
    const address = URL.createObjectURL(blob);
    const link = document.createElement("a");
    link.href = address;
    link.download = fileName;
    link.click();
    URL.revokeObjectURL(address);
  } finally {
    URL.revokeObjectURL(source);
  }
}
