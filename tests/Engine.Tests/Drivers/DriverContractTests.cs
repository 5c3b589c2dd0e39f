using System.Text;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Xunit;

namespace Actors.Engine.Tests.Drivers;

/// <summary>What every driver does with operations: results, kinds, the bound, cancelling, reuse.</summary>
public sealed unsafe class DriverContractTests
{
    // open(2) flags that x64 and arm64 share.
    private const int WriteOnly = 1;
    private const int ReadWrite = 2;
    private const int CreateFile = 0x40;

    public static TheoryData<string> Drivers => DriverFixtures.Names;

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void What_is_written_is_read_back(string driver) => DriverRig.Run(driver, rig =>
    {
        var file = rig.NewFile("a");
        Encoding.ASCII.GetBytes("hello, file").CopyTo(rig.Bytes(0, 11));

        Assert.Equal(11, rig.Perform(rig.Transfer(IoKind.Write, file, 0, 11, offset: 5)));
        Assert.Equal(16, rig.Perform(rig.Transfer(IoKind.Read, file, 4096, 16)));

        Assert.Equal("\0\0\0\0\0hello, file", Encoding.ASCII.GetString(rig.Bytes(4096, 16)));
        Assert.Equal("\0\0\0\0\0hello, file", File.ReadAllText(rig.PathOf("a")));
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void An_append_goes_to_the_end_and_nothing_else_does(string driver) => DriverRig.Run(driver, rig =>
    {
        var file = rig.NewFile("a", "0123456789"u8);
        AppendsBetweenWrites(rig, file, "a");
        if (OperatingSystem.IsLinux() && !rig.Fixture.Portable)
        {
            var byDefault = rig.NewFile("b", "0123456789"u8);
            var appends = true;
            Assert.Equal(0, LinuxFiles.MakeBlocking(byDefault.Descriptor, false, ref appends));
            byDefault.AppendsByDefault = appends;
            AppendsBetweenWrites(rig, byDefault, "b");
        }
    });

    private static void AppendsBetweenWrites(DriverRig rig, FileHandle file, string name)
    {
        "abc"u8.CopyTo(rig.Bytes(0, 3));
        foreach (var offset in new long[] { 2, -1, 20, -1, 0 })
        {
            var write = rig.Transfer(IoKind.Write, file, 0, 3, Math.Max(0, offset));
            write.Append = offset < 0;
            Assert.Equal(3, rig.Perform(write));
        }

        Assert.Equal("abcbc56789abc\0\0\0\0\0\0\0abcabc", File.ReadAllText(rig.PathOf(name)));
    }

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void Many_in_flight_come_back_once_each(string driver) => DriverRig.Run(driver, rig =>
    {
        var file = rig.NewFile("a");
        var seen = new Dictionary<IoOperation, int>();
        rig.OnCompletion = operation => seen[operation] = seen.GetValueOrDefault(operation) + 1;
        for (var round = 0; round < 20; round++)
        {
            seen.Clear();
            var operations = Enumerable.Range(0, 64)
                .Select(i => rig.Transfer(IoKind.Write, file, i * 512, 512, i * 512L))
                .ToList();
            operations.ForEach(operation => Assert.NotEqual(SubmitResult.Busy, rig.Submit(operation)));
            rig.AwaitAll();

            Assert.All(operations, operation => Assert.Equal(1, seen[operation]));
            Assert.All(operations, operation => Assert.Equal(512, operation.Result));
        }
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void Depth_bounds_what_is_in_flight(string driver) => DriverRig.Run(driver, depth: 8, test: rig =>
    {
        Skip.If(rig.Fixture.Inline, "Performs everything at once: nothing is ever in flight.");
        var file = rig.NewFile("a");
        var depth = rig.Driver.Depth;
        Assert.True(depth >= 8);
        for (var i = 0; i < depth; i++)
        {
            Assert.Equal(SubmitResult.Queued, rig.Submit(rig.Transfer(IoKind.Write, file, 0, 32)));
        }

        var more = rig.Transfer(IoKind.Write, file, 0, 32);
        Assert.Equal(depth, rig.Driver.InFlight);
        Assert.Equal(SubmitResult.Busy, rig.Submit(more));
        rig.AwaitAll();
        Assert.Equal(0, rig.Driver.InFlight);
        Assert.Equal(32, rig.Perform(more));
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void A_read_is_cut_at_the_end_of_the_file_and_empty_behind_it(string driver) => DriverRig.Run(driver, rig =>
    {
        var file = rig.NewFile("a", "0123456789"u8);
        Assert.Equal(4, rig.Perform(rig.Transfer(IoKind.Read, file, 0, 100, offset: 6)));
        Assert.Equal(0, rig.Perform(rig.Transfer(IoKind.Read, file, 0, 100, offset: 10)));
        Assert.Equal(0, rig.Perform(rig.Transfer(IoKind.Read, file, 0, 100, offset: 1 << 20)));
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void A_transfer_goes_on_where_it_stopped(string driver) => DriverRig.Run(driver, rig =>
    {
        var file = rig.NewFile("a", "0123456789"u8);
        var read = rig.Transfer(IoKind.Read, file, 0, 8, offset: 1);
        read.Done = 3;
        Assert.Equal(5, rig.Perform(read));
        Assert.Equal("\0\0\0" + "45678", Encoding.ASCII.GetString(rig.Bytes(0, 8)));

        "abcdefgh"u8.CopyTo(rig.Bytes(0, 8));
        var write = rig.Transfer(IoKind.Write, file, 0, 8, offset: 1);
        write.Done = 6;
        Assert.Equal(2, rig.Perform(write));
        Assert.Equal("0123456gh9", File.ReadAllText(rig.PathOf("a")));
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void A_transfer_of_nothing_is_done(string driver) => DriverRig.Run(driver, rig =>
    {
        var file = rig.NewFile("a", "0123456789"u8);
        Assert.Equal(0, rig.Perform(rig.Transfer(IoKind.Write, file, 0, 0)));
        Assert.Equal(0, rig.Perform(rig.Transfer(IoKind.Read, file, 0, 0)));
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void Syncs_truncates_and_closes(string driver) => DriverRig.Run(driver, rig =>
    {
        var file = rig.NewFile("a", "0123456789"u8);
        Assert.Equal(0, rig.Perform(new IoOperation { Kind = IoKind.Sync, File = file }));
        Assert.Equal(0, rig.Perform(new IoOperation { Kind = IoKind.DataSync, File = file }));
        Assert.Equal(0, rig.Perform(new IoOperation { Kind = IoKind.Truncate, File = file, Length = 3 }));
        Assert.Equal("012", File.ReadAllText(rig.PathOf("a")));
        Assert.Equal(0, rig.Perform(new IoOperation { Kind = IoKind.Truncate, File = file, Length = 5 }));
        Assert.Equal(5, new FileInfo(rig.PathOf("a")).Length);
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void Opens_allocates_and_closes(string driver) => DriverRig.Run(driver, rig =>
    {
        Skip.If(rig.Fixture.Portable, "Files are opened by the runtime here.");
        var opened = rig.Perform(OpenOperation(rig, rig.PathOf("a"), ReadWrite | CreateFile));
        Assert.True(opened >= 0, $"open: {opened}");
        var file = new FileHandle((int)opened);

        var allocated = rig.Perform(new IoOperation { Kind = IoKind.Allocate, File = file, Length = 1 << 16 });
        Assert.True(allocated is 0 or -Errno.EOPNOTSUPP, $"allocate: {allocated}"); // Not on ext2, nor on some of FUSE.
        Assert.Equal(0, new FileInfo(rig.PathOf("a")).Length);
        Assert.Equal(32, rig.Perform(rig.Transfer(IoKind.Write, file, 4096, 32)));
        Assert.Equal(0, rig.Perform(new IoOperation { Kind = IoKind.Close, File = file }));
        Assert.Equal(32, new FileInfo(rig.PathOf("a")).Length);
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void An_open_that_fails_says_why(string driver) => DriverRig.Run(driver, rig =>
    {
        Skip.If(rig.Fixture.Portable, "Files are opened by the runtime here.");
        Assert.Equal(-Errno.ENOENT, rig.Perform(OpenOperation(rig, rig.PathOf("missing"), ReadWrite)));
        Assert.Equal(-Errno.EISDIR, rig.Perform(OpenOperation(rig, rig.Directory, WriteOnly)));
        rig.NewFile("a");
        Assert.Equal(-Errno.ENOTDIR, rig.Perform(OpenOperation(rig, rig.PathOf("a/b"), ReadWrite)));
        Assert.Equal(-Errno.EEXIST, rig.Perform(OpenOperation(rig, rig.PathOf("a"), ReadWrite | CreateFile | 0x80)));
        Assert.Equal(
            -Errno.ENAMETOOLONG, rig.Perform(OpenOperation(rig, rig.PathOf(new string('x', 300)), ReadWrite)));
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void Errors_are_negative_numbers(string driver) => DriverRig.Run(driver, rig =>
    {
        var closed = rig.NewFile("closed");
        var readOnly = rig.Open(rig.PathOf("closed"), FileMode.Open, FileAccess.Read);
        if (rig.Fixture.Portable)
        {
            closed.Safe!.Dispose();
        }
        else
        {
            closed = new FileHandle(1 << 28); // Above any limit of open files.
        }

        Assert.Equal(-Errno.EBADF, rig.Perform(rig.Transfer(IoKind.Read, closed, 0, 32)));
        Assert.Equal(-Errno.EBADF, rig.Perform(rig.Transfer(IoKind.Write, closed, 0, 32)));
        Assert.Equal(-Errno.EBADF, rig.Perform(new IoOperation { Kind = IoKind.Sync, File = closed }));
        Assert.Equal(-Errno.EBADF, rig.Perform(new IoOperation { Kind = IoKind.Truncate, File = closed }));
        Assert.Equal(-Errno.EBADF, rig.Perform(rig.Transfer(IoKind.Write, readOnly, 0, 32)));
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void A_full_device_is_an_error_of_the_write(string driver) => DriverRig.Run(driver, rig =>
    {
        Skip.IfNot(File.Exists("/dev/full"), "No /dev/full here.");
        var full = rig.Open("/dev/full", FileMode.Open, FileAccess.Write);
        Assert.Equal(-Errno.ENOSPC, rig.Perform(rig.Transfer(IoKind.Write, full, 0, 32)));
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void A_directory_cannot_be_read(string driver) => DriverRig.Run(driver, rig =>
    {
        Skip.If(rig.Fixture.Portable, "The runtime opens no directory.");
        var opened = rig.Perform(OpenOperation(rig, rig.Directory, 0));
        var directory = new FileHandle((int)opened);

        Assert.Equal(-Errno.EISDIR, rig.Perform(rig.Transfer(IoKind.Read, directory, 4096, 32)));
        Assert.Equal(0, rig.Perform(new IoOperation { Kind = IoKind.Sync, File = directory }));
        Assert.Equal(0, rig.Perform(new IoOperation { Kind = IoKind.Close, File = directory }));
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void An_error_does_not_hold_up_the_rest_of_its_batch(string driver) => DriverRig.Run(driver, rig =>
    {
        var good = rig.NewFile("good");
        var bad = rig.Fixture.Portable ? rig.NewFile("bad") : new FileHandle(1 << 28);
        bad.Safe?.Dispose();
        var operations = Enumerable.Range(0, 60)
            .Select(i => rig.Transfer(IoKind.Write, i % 3 == 0 ? bad : good, 0, 32, i * 32L))
            .ToList();
        operations.ForEach(operation => rig.Submit(operation));
        rig.AwaitAll();
        Assert.All(operations, o => Assert.Equal(o.File == bad ? -Errno.EBADF : 32, o.Result));
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void An_operation_is_reused_many_times(string driver) => DriverRig.Run(driver, rig =>
    {
        var file = rig.NewFile("a");
        var operation = rig.Transfer(IoKind.Write, file, 0, 8);
        for (var i = 0; i < 2000; i++)
        {
            operation.Kind = i % 2 == 0 ? IoKind.Write : IoKind.Read;
            operation.Offset = i / 2 * 8;
            rig.Bytes(0, 8).Fill(operation.Kind == IoKind.Write ? (byte)i : (byte)0xff);
            Assert.Equal(8, rig.Perform(operation));
            Assert.Equal((byte)(i & ~1), rig.Bytes(0, 8)[7]);
        }
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void A_cancelled_operation_still_comes_back_once(string driver) => DriverRig.Run(driver, rig =>
    {
        var file = rig.NewFile("a");
        var operations = Enumerable.Range(0, 64).Select(i => rig.Transfer(IoKind.Write, file, 0, 64, i * 64)).ToList();
        Assert.False(rig.Driver.TryCancel(operations[0]), "It was not submitted yet.");
        var asked = new HashSet<IoOperation>();
        for (var i = 0; i < operations.Count; i++)
        {
            rig.Submit(operations[i]);
            if (i % 7 == 0)
            {
                rig.Driver.Flush();
            }

            if (i % 3 == 0 && rig.Driver.TryCancel(operations[i / 2]))
            {
                asked.Add(operations[i / 2]);
            }
        }

        rig.AwaitAll();
        foreach (var operation in operations)
        {
            Assert.True(
                operation.Result == 64 || (operation.Result == -Errno.ECANCELED && asked.Contains(operation)),
                $"result {operation.Result}, cancel {(asked.Contains(operation) ? "taken" : "not taken")}");
            Assert.False(rig.Driver.TryCancel(operation), "It is back already.");
        }
    });

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void Disposal_waits_for_what_is_in_flight(string driver)
    {
        for (var i = 0; i < 10; i++)
        {
            var flushed = i;
            DriverRig.Run(driver, leavesInFlight: true, test: rig =>
            {
                var file = rig.NewFile("a");
                for (var n = 0; n < 32; n++)
                {
                    rig.Submit(rig.Transfer(IoKind.Write, file, n * 4096, 4096, n * 4096L));
                    if (n == flushed * 3)
                    {
                        rig.Submit(new IoOperation { Kind = IoKind.Sync, File = file });
                        rig.Driver.Flush();
                    }
                }

                // The rig frees the memory and closes the file right after the driver is gone.
            });
        }
    }

    [SkippableTheory, MemberData(nameof(Drivers))]
    public void Says_what_it_is(string driver) => DriverRig.Run(driver, rig =>
    {
        Assert.StartsWith(rig.Driver.Name, driver, StringComparison.Ordinal);
        Assert.True(rig.Driver.Depth > 0);
        rig.Driver.Dispose();
        rig.Driver.Dispose();
    }, leavesInFlight: true);

    private static IoOperation OpenOperation(DriverRig rig, string path, int flags)
    {
        var length = Encoding.UTF8.GetBytes(path, rig.Bytes(0, 4096));
        rig.Bytes(length, 1)[0] = 0;
        return new IoOperation { Kind = IoKind.Open, Buffer = rig.At(0), Flags = flags, Mode = 0x1a4 };
    }
}
