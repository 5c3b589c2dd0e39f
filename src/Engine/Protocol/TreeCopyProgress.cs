namespace Actors.Engine;

/// <summary>How far the copy of a tree is.</summary>
/// <param name="Files">Files copied.</param>
/// <param name="Directories">Directories created or merged into, the top one included.</param>
/// <param name="Bytes">Bytes of files.</param>
public readonly record struct TreeCopyProgress(long Files, long Directories, long Bytes);
