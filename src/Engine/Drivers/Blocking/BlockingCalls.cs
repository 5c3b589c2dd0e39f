namespace Actors.Engine.Drivers.Blocking;

/// <summary>The blocking calls of this system.</summary>
internal static class BlockingCalls
{
    /// <summary>Raw system calls on Linux, <see cref="RandomAccess"/> elsewhere.</summary>
    public static IBlockingCalls Platform { get; } =
        OperatingSystem.IsLinux() ? new LinuxCalls() : new PortableCalls();
}
