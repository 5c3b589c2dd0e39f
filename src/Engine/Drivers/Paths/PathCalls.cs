namespace Actors.Engine.Drivers.Paths;

/// <summary>Which calls on names there are.</summary>
internal static class PathCalls
{
    /// <summary>By raw system calls on Linux, by the runtime's file API elsewhere.</summary>
    public static IPathCalls Of(SystemCalls calls) =>
        OperatingSystem.IsLinux() && calls.Paths is { } paths ? new LinuxPathCalls(paths) : new PortablePathCalls();
}
