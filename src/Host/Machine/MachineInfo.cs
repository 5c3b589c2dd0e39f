using System.Runtime.InteropServices;

namespace Actors.Host.Machine;

/// <summary>Where something was measured.</summary>
/// <param name="Os">Name and version of the operating system.</param>
/// <param name="Kernel">Release of its kernel.</param>
/// <param name="Cores">Processors that this process may use.</param>
/// <param name="Filesystem">Type of the file system that the files are on.</param>
/// <param name="Runtime">The .NET that runs this.</param>
internal sealed record MachineInfo(string Os, string Kernel, int Cores, string Filesystem, string Runtime)
{
    /// <summary>This machine, and the file system of a directory.</summary>
    public static MachineInfo Of(string directory) => new(
        OsName(),
        KernelRelease(),
        Environment.ProcessorCount,
        FileSystemType.Of(directory),
        RuntimeInformation.FrameworkDescription);

    private static string KernelRelease()
    {
        const string path = "/proc/sys/kernel/osrelease";
        return OperatingSystem.IsLinux() && File.Exists(path)
            ? File.ReadAllText(path).Trim()
            : Environment.OSVersion.Version.ToString();
    }

    private static string OsName() =>
        $"{RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()})";
}
