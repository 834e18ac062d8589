/** Ends of names whose files hold no text: they are counted as binary without being opened. */
const BINARY_NAMES = new Set(
  (
    '7z arrow avi bin bmp br bz2 class dll dylib eot exe flac gif gz h5 heic ico jar jpeg jpg lz4 mkv mov mp3 mp4 ' +
    'node npy npz o ogg onnx otf parquet pdf png pt pth pyc rar safetensors so sqlite tar tgz tif tiff ttf vsix ' +
    'wasm wav webm webp whl woff woff2 xlsx docx pptx odt xz zip zst'
  ).split(' '),
);

export function hasBinaryName(file: string): boolean {
  return BINARY_NAMES.has(file.slice(file.lastIndexOf('.') + 1).toLowerCase());
}
