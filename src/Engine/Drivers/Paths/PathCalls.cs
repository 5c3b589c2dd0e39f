namespace Actors.Engine.Drivers.Paths;

/// <summary>The calls on names of this system.</summary>
internal static class PathCalls
{
    /// <summary>Raw system calls on Linux, the runtime's file API elsewhere.</summary>
    public static IPathCalls Platform { get; } =
        OperatingSystem.IsLinux() ? new LinuxPathCalls() : new PortablePathCalls();
}
