using System.Runtime.Versioning;
using Actors.Engine.Actors;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>Device and inode of two files may be the same, as on a FUSE file system that numbers all of them alike.</summary>
public sealed class WriterRegistrySpec
{
    private static readonly FileIdentity Identity = new(7, 1, null);

    [Fact]
    public void Files_that_are_numbered_alike_may_all_be_written()
    {
        var registry = new WriterRegistry();
        var calls = new Kernel { Same = (_, _) => false };
        Assert.True(registry.TryAdd(Identity, new FileHandle(1), "a", calls, out _));
        Assert.True(registry.TryAdd(Identity, new FileHandle(2), "b", calls, out _));
        Assert.Equal(["a", "b"], registry.Order());
    }

    [Fact]
    public void A_second_writer_of_one_file_is_refused_until_the_first_is_gone()
    {
        var registry = new WriterRegistry();
        var calls = new Kernel { Same = (one, other) => one + other == 4 };
        var first = new FileHandle(1);
        Assert.True(registry.TryAdd(Identity, first, "a", calls, out _));
        Assert.True(registry.TryAdd(Identity, new FileHandle(2), "b", calls, out _));
        Assert.False(registry.TryAdd(Identity, new FileHandle(3), "a by another name", calls, out var other));
        Assert.Equal("a", other);

        registry.Remove(Identity, first);
        Assert.True(registry.TryAdd(Identity, new FileHandle(3), "a by another name", calls, out _));
        Assert.Equal(2, registry.Count);
    }

    [SkippableFact]
    [SupportedOSPlatform("linux")]
    public void The_kernel_tells_files_apart()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "descriptors of Linux");
        var directory = Directory.CreateTempSubdirectory("actors-test-");
        try
        {
            var path = Path.Combine(directory.FullName, "a");
            using var one = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
            using var again = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            using var other = File.OpenHandle(path + "b", FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
            Assert.True(LinuxFiles.AreSame((int)one.DangerousGetHandle(), (int)again.DangerousGetHandle()));
            Assert.False(LinuxFiles.AreSame((int)one.DangerousGetHandle(), (int)other.DangerousGetHandle()));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private sealed class Kernel : IFileCalls
    {
        public required Func<int, int, bool> Same { get; init; }

        public bool AreSame(int one, int other) => Same(one, other);

        public int TryGetFacts(int file, out FileFacts facts) => throw new NotSupportedException();

        public int TryStat(int file, out FileStatus? status) => throw new NotSupportedException();

        public int TryGetLength(int file, out long length) => throw new NotSupportedException();

        public bool CanTryBufferedWrites(int file) => throw new NotSupportedException();

        public int MakeBlocking(int file, bool direct, ref bool appends) => throw new NotSupportedException();

        public int TryLock(int file) => throw new NotSupportedException();
    }
}
