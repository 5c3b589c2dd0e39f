using System.Runtime.Versioning;

namespace Actors.Engine.Drivers.Paths.Trees;

/// <summary>Something that a worker can do: read a directory that has not been opened yet, or copy what a piece of one
/// names.</summary>
/// <param name="Directory">Retained for it.</param>
/// <param name="Records">A rented buffer with records of entries; null to read the directory.</param>
/// <param name="Length">Bytes of the records.</param>
[SupportedOSPlatform("linux")]
internal readonly record struct TreeWork(TreeDirectory Directory, byte[]? Records = null, int Length = 0);
