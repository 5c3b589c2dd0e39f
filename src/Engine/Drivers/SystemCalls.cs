using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Drivers.Paths;

namespace Actors.Engine.Drivers;

/// <summary>The system calls that an engine makes outside of its rings. One seam for all of them: what stands in for
/// the kernel in a test is put in here.</summary>
internal sealed record SystemCalls
{
    /// <summary>The calls of this system.</summary>
    public static SystemCalls Platform { get; } = new();

    /// <summary>Operations on open files, and opens, that are made on a thread.</summary>
    public IBlockingCalls Blocking { get; init; } = BlockingCalls.Platform;

    /// <summary>Questions about open descriptors; Linux only.</summary>
    public IFileCalls Files { get; init; } = FileCalls.Platform;

    /// <summary>Calls on names; null where there are none of Linux, and the runtime's file API is what there is.</summary>
    public ILinuxPaths? Paths { get; init; } = OperatingSystem.IsLinux() ? new LinuxPaths() : null;
}
