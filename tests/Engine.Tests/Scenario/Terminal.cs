using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Actors.Engine.Tests.Scenario;

/// <summary>A pseudo-terminal: a device that can be written to and has no positions.</summary>
internal sealed partial class Terminal : IDisposable
{
    private const int ReadWrite = 2;
    private const int NoControllingTerminal = 0x100;

    private readonly SafeFileHandle _master;

    private Terminal(int master, string path)
    {
        _master = new SafeFileHandle(master, ownsHandle: true);
        Path = path;
    }

    /// <summary>What programs open.</summary>
    public string Path { get; }

    public static Terminal Open()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "pseudo-terminals of Linux");
        var master = posix_openpt(ReadWrite | NoControllingTerminal);
        Assert.True(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
        return new Terminal(master, Marshal.PtrToStringUTF8(ptsname(master))!);
    }

    /// <summary>What was written to it, once it is so long.</summary>
    public string Read(int length)
    {
        var bytes = new byte[length];
        using var stream = new FileStream(new SafeFileHandle(_master.DangerousGetHandle(), false), FileAccess.Read, 1);
        stream.ReadExactly(bytes);
        return Encoding.ASCII.GetString(bytes);
    }

    public void Dispose() => _master.Dispose();

    [LibraryImport("libc")]
    private static partial int posix_openpt(int flags);

    [LibraryImport("libc")]
    private static partial int grantpt(int master);

    [LibraryImport("libc")]
    private static partial int unlockpt(int master);

    [LibraryImport("libc")]
    private static partial nint ptsname(int master);
}
