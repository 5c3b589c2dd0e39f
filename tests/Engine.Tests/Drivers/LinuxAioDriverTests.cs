using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.LinuxAio;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Drivers;

/// <summary>What is particular to kernel AIO: layouts, direct I/O in any order, contexts that run out.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class LinuxAioDriverTests
{
    private const int BlockSize = 4096;
    private const int Blocks = 256;

    public static TheoryData<string> Ways =>
        ["linux-aio", "linux-aio without ring", "linux-aio with eventfd", "linux-aio without both"];

    [Fact]
    public void Structures_are_laid_out_as_the_kernel_has_them()
    {
        Assert.Equal(64, sizeof(Iocb));
        Assert.Equal(16, Marshal.OffsetOf<Iocb>(nameof(Iocb.Command)));
        Assert.Equal(20, Marshal.OffsetOf<Iocb>(nameof(Iocb.Descriptor)));
        Assert.Equal(24, Marshal.OffsetOf<Iocb>(nameof(Iocb.Buffer)));
        Assert.Equal(32, Marshal.OffsetOf<Iocb>(nameof(Iocb.Length)));
        Assert.Equal(40, Marshal.OffsetOf<Iocb>(nameof(Iocb.Offset)));
        Assert.Equal(56, Marshal.OffsetOf<Iocb>(nameof(Iocb.Flags)));
        Assert.Equal(60, Marshal.OffsetOf<Iocb>(nameof(Iocb.SignalDescriptor)));
        Assert.Equal(32, sizeof(IoEvent));
        Assert.Equal(16, Marshal.OffsetOf<IoEvent>(nameof(IoEvent.Result)));
        Assert.Equal(32, sizeof(AioRing));
        Assert.Equal(8, Marshal.OffsetOf<AioRing>(nameof(AioRing.Head)));
        Assert.Equal(12, Marshal.OffsetOf<AioRing>(nameof(AioRing.Tail)));
        Assert.Equal(16, Marshal.OffsetOf<AioRing>(nameof(AioRing.Magic)));
        Assert.Equal(16, sizeof(KernelTimeSpan));
    }

    [SkippableTheory, MemberData(nameof(Ways))]
    public void Direct_reads_complete_in_any_order_and_each_ends_a_wait(string way) => DriverRig.Run(way, rig =>
    {
        var file = OpenDirect(rig, Numbered());
        var random = new Random(1);
        var operations = Enumerable.Range(0, 64)
            .Select(i => rig.Transfer(IoKind.Read, file, i * BlockSize, BlockSize))
            .ToList();
        for (var round = 0; round < 20; round++)
        {
            foreach (var operation in operations)
            {
                operation.Offset = random.Next(Blocks) * (long)BlockSize;
                rig.Submit(operation);
            }

            rig.AwaitAll();
            Assert.All(operations, operation =>
            {
                Assert.Equal(BlockSize, operation.Result);
                Assert.Equal(operation.Offset / BlockSize, *(int*)operation.Buffer);
            });
        }
    });

    [SkippableTheory, MemberData(nameof(Ways))]
    public void Direct_writes_syncs_and_wake_ups_mix(string way) => DriverRig.Run(way, rig =>
    {
        var file = OpenDirect(rig, Numbered());
        using var stop = new CancellationTokenSource();
        var waker = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                rig.Driver.Wake();
                Thread.Yield();
            }
        });
        waker.Start();
        for (var i = 0; i < 300; i++)
        {
            *(int*)rig.At(i % 32 * BlockSize) = ~(i % Blocks);
            rig.Submit(rig.Transfer(IoKind.Write, file, i % 32 * BlockSize, BlockSize, i % Blocks * (long)BlockSize));
            if (i % 32 == 31)
            {
                rig.Submit(new IoOperation { Kind = IoKind.DataSync, File = file });
                rig.AwaitAll();
            }
        }

        rig.AwaitAll();
        stop.Cancel();
        waker.Join();
        var content = File.ReadAllBytes(rig.PathOf("direct"));
        Assert.All(Enumerable.Range(0, Blocks), i => Assert.Equal(~i, BitConverter.ToInt32(content, i * BlockSize)));
    });

    [SkippableTheory, MemberData(nameof(Ways))]
    public void A_direct_read_is_cut_at_the_end_of_the_file(string way) => DriverRig.Run(way, rig =>
    {
        var file = OpenDirect(rig, new byte[BlockSize + 100]);
        var read = rig.Transfer(IoKind.Read, file, 0, 2 * BlockSize);
        Assert.Equal(BlockSize + 100, rig.Perform(read));

        // The rest is asked for at the end of the file, which is no multiple of a block: the end all the same.
        Assert.Equal(CompletionAction.Resubmit, CompletionDecision.Weigh(read));
        Assert.Equal(0, rig.Perform(read));
        Assert.Equal(CompletionAction.Done, CompletionDecision.Weigh(read));
    });

    [SkippableTheory, MemberData(nameof(Ways))]
    public void Unaligned_direct_io_is_an_invalid_argument(string way) => DriverRig.Run(way, rig =>
    {
        FileSystemOf.SkipUnlessDirectLengthsMatter(rig.Directory);
        var file = OpenDirect(rig, Numbered());
        Assert.Equal(-Errno.EINVAL, rig.Perform(rig.Transfer(IoKind.Read, file, 0, 100)));
        Assert.Equal(-Errno.EINVAL, rig.Perform(rig.Transfer(IoKind.Write, file, 0, BlockSize, offset: 10)));
    });

    [SkippableFact]
    public void What_is_not_submitted_yet_is_cancelled() => DriverRig.Run("linux-aio", rig =>
    {
        var file = rig.NewFile("a");
        var operations = Enumerable.Range(0, 5).Select(i => rig.Transfer(IoKind.Write, file, 0, 8, i * 8)).ToList();
        operations.ForEach(operation => rig.Submit(operation));
        Assert.True(rig.Driver.TryCancel(operations[1]));
        Assert.True(rig.Driver.TryCancel(operations[4]));
        Assert.False(rig.Driver.TryCancel(new IoOperation()));
        rig.AwaitAll();
        Assert.Equal([8, -Errno.ECANCELED, 8, 8, -Errno.ECANCELED], operations.Select(operation => operation.Result));
        Assert.Equal(32, new FileInfo(rig.PathOf("a")).Length);
    });

    [SkippableFact]
    public void Contexts_that_ran_out_are_explained()
    {
        var most = SystemWideLimit();
        Skip.If(most > 1_000_000, "fs.aio-max-nr is too high to ask for more.");
        var unavailable = Assert.Throws<DriverUnavailableException>(() => new LinuxAioDriver((int)most + 1));
        Assert.Contains("aio-max-nr", unavailable.Message, StringComparison.Ordinal);
        Assert.Contains("sysctl", unavailable.Remedy, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Disposal_gives_the_context_back()
    {
        var most = SystemWideLimit();
        Skip.If(most > 200_000, "fs.aio-max-nr is too high to be used up here.");
        ShardThread.Run(() =>
        {
            for (var used = 0L; used <= most; used += 8192)
            {
                new LinuxAioDriver(8192).Dispose();
            }
        });
    }

    private static long SystemWideLimit()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "An interface of Linux.");
        Skip.IfNot(File.Exists("/proc/sys/fs/aio-max-nr"), "This kernel has no AIO.");
        ShardThread.Run(() => DriverFixtures.Get("linux-aio").Create(depth: 1).Dispose()); // Skips where it is forbidden.
        return long.Parse(File.ReadAllText("/proc/sys/fs/aio-max-nr"));
    }

    private static byte[] Numbered()
    {
        var content = new byte[Blocks * BlockSize];
        for (var i = 0; i < Blocks; i++)
        {
            BitConverter.TryWriteBytes(content.AsSpan(i * BlockSize), i);
        }

        return content;
    }

    private static FileHandle OpenDirect(DriverRig rig, byte[] content)
    {
        File.WriteAllBytes(rig.PathOf("direct"), content);
        Encoding.UTF8.GetBytes(rig.PathOf("direct") + "\0", rig.Bytes(0, BlockSize));
        var directFlag = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x10000 : 0x4000;
        var open = new IoOperation { Kind = IoKind.Open, Buffer = rig.At(0), Flags = 2 | 0x80000 | directFlag };
        var opened = rig.Perform(open);
        Skip.If(opened == -Errno.EINVAL, "This file system has no direct I/O.");
        Assert.True(opened >= 0, $"open: {opened}");
        return rig.Adopt((int)opened);
    }
}
