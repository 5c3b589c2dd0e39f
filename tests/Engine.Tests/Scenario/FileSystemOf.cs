using System.Text;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Memory;
using Xunit;

namespace Actors.Engine.Tests.Scenario;

/// <summary>What the file system of a directory can do, found by trying: the tests run on any
/// (<c>tests/FileSystems/run</c>), and promise only what each can hold.</summary>
internal static unsafe class FileSystemOf
{
    /// <summary>Ends the test as skipped where the file system cannot set space aside, as ext2 and some of
    /// FUSE.</summary>
    public static void SkipUnlessAllocates(string directory) => Skip.If(
        Try(directory, direct: false, file => Perform(new IoOperation { Kind = IoKind.Allocate, File = file, Length = 4096 }))
            == -Errno.EOPNOTSUPP,
        "This file system cannot allocate.");

    /// <summary>Ends the test as skipped where there is no direct I/O.</summary>
    public static void SkipUnlessDirect(string directory) =>
        Skip.If(BackendProbe.ProbeDirect(directory) is null, "This file system has no direct I/O.");

    /// <summary>Ends the test as skipped where direct transfers need no alignment: their data is cached after all, as on
    /// tmpfs, btrfs, and ext4 with data=journal.</summary>
    public static void SkipUnlessDirectLengthsMatter(string directory) => Skip.If(
        Try(directory, direct: true, file => Transfer(file, IoKind.Read, 0, 100)) >= 0,
        "This file system accepts unaligned direct transfers.");

    /// <summary>Ends the test as skipped where data for direct transfers may lie anywhere, as on XFS over a loop
    /// device.</summary>
    public static void SkipUnlessDirectMemoryMatters(string directory) => Skip.If(
        Try(directory, direct: true, file => Transfer(file, IoKind.Write, 1, 4096)) == 4096,
        "This file system accepts data at any address.");

    /// <summary>Ends the test as skipped where a rename over a file is not atomic for those who look at the name, as on
    /// bindfs.</summary>
    public static void SkipIfFuse(string directory, string reason) =>
        Skip.If(new DriveInfo(directory).DriveFormat.StartsWith("fuse", StringComparison.Ordinal), reason);

    /// <summary>Whether a read of what is cached can be asked for without waiting (RWF_NOWAIT), which tmpfs, overlay and
    /// FUSE refuse.</summary>
    public static bool ReadsCached(string directory) => Try(directory, direct: false, file => Transfer(file, IoKind.Read, 0, 100, cached: true)) == 1;

    /// <summary>Whether a copy may be over before anybody can cancel it: its blocks are shared with the source.</summary>
    public static bool HasReflinks(string directory) => new DriveInfo(directory).DriveFormat is "xfs" or "btrfs";

    private static long Try(string directory, bool direct, Func<FileHandle, long> act)
    {
        var path = Path.Combine(directory, $".trial-{Guid.NewGuid():n}");
        File.WriteAllBytes(path, new byte[8192]);
        using var name = PinnedMemory.Allocate(4096).Pin();
        var length = Encoding.UTF8.GetBytes(path, new Span<byte>(name.Pointer, 4095));
        ((byte*)name.Pointer)[length] = 0;
        var opened = Perform(new IoOperation
        {
            Kind = IoKind.Open,
            Buffer = (byte*)name.Pointer,
            Flags = OperatingSystem.IsLinux() ? LinuxFiles.OpenFlags(OpenMode.ReadWrite, direct) : 0,
        });
        Assert.True(opened >= 0, $"open: {opened}");
        var file = new FileHandle((int)opened);
        try
        {
            return act(file);
        }
        finally
        {
            Perform(new IoOperation { Kind = IoKind.Close, File = file });
            File.Delete(path);
        }
    }

    private static long Transfer(FileHandle file, IoKind kind, int address, int length, bool cached = false)
    {
        using var memory = PinnedMemory.Allocate(8192).Pin();
        var operation = new IoOperation
        {
            Kind = kind, File = file, Buffer = (byte*)memory.Pointer + address, Length = length,
        };
        return !cached ? Perform(operation) : BlockingCalls.Platform.TryReadCached(operation) ? 1 : 0;
    }

    private static long Perform(IoOperation operation)
    {
        do
        {
            BlockingCalls.Platform.Perform(operation);
        }
        while (operation.Result == -Errno.EINTR); // Where a test has it injected.
        return operation.Result;
    }
}
