using System.Net.Sockets;
using System.Runtime.InteropServices;
using Actors.Engine.Drivers;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>
/// Names that stand for something else than a regular file: refused with the documented reason, or handled, by every
/// backend and by the async face; and nobody waits for what may never come.
/// </summary>
public sealed partial class SpecialFileSpec
{
    private static readonly OpenMode[] Existing =
        [OpenMode.Read, OpenMode.Write, OpenMode.Append, OpenMode.ReadWrite, OpenMode.ReadWriteExisting];

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    [Trait("Needs", "pipes")]
    public Task What_is_no_regular_file_is_refused(string backend) => RunAsync(backend, async scenario =>
    {
        Assert.Equal(0, mkfifo(scenario.PathOf("pipe"), 0x1B6));
        Directory.CreateDirectory(scenario.PathOf("directory"));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(scenario.PathOf("socket")));
        File.CreateSymbolicLink(scenario.PathOf("loop"), "loop");
        File.CreateSymbolicLink(scenario.PathOf("link-to-pipe"), "pipe");
        var client = scenario.Probe("client");
        foreach (var name in new[] { "pipe", "directory", "socket", "loop", "link-to-pipe" })
        {
            foreach (var mode in Existing)
            {
                var failed = await scenario.FailToOpenAsync(client, name, mode);
                Assert.True(
                    failed.Reason == FailureReason.NotARegularFile, $"{name}, {mode}: {failed.Reason}, {failed.Cause}");
            }

            var there = await scenario.FailToOpenAsync(client, name, OpenMode.CreateNew);
            Assert.True(there.Reason == FailureReason.AlreadyExists, $"{name}: {there.Reason}, {there.Cause}");
            await RefuseAsync(scenario.PathOf(name), path => scenario.Engine.ReadAllTextAsync(path));
            await RefuseAsync(scenario.PathOf(name), path => scenario.Engine.WriteAllTextAsync(path, "text"));
        }
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task Devices_may_be_written_and_not_read(string backend) => RunAsync(backend, async scenario =>
    {
        var client = scenario.Probe("client");
        foreach (var device in new[] { "/dev/null", "/dev/zero", "/dev/full" })
        {
            var failed = await scenario.FailToOpenAsync(client, device, OpenMode.Read);
            Assert.Equal(FailureReason.NotARegularFile, failed.Reason);
            await RefuseAsync(device, path => scenario.Engine.ReadAllBytesAsync(path));
        }

        await scenario.Engine.WriteAllTextAsync("/dev/null", "gone");
        var full = await Assert.ThrowsAsync<FileEngineException>(
            async () => await scenario.Engine.WriteAllTextAsync("/dev/full", "no room"));
        Assert.Equal(FailureReason.NoSpace, full.Reason);
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task A_disk_is_refused_unharmed(string backend) => RunAsync(backend, async scenario =>
    {
        var disk = Directory.Exists("/sys/class/block")
            ? Directory.GetFileSystemEntries("/sys/class/block").Select(d => $"/dev/{Path.GetFileName(d)}")
                .FirstOrDefault(File.Exists)
            : null;
        Skip.If(disk is null, "there is no block device");
        var refused = await scenario.FailToOpenAsync(scenario.Probe("client"), disk!, OpenMode.Read);
        Skip.If(refused.Reason == FailureReason.AccessDenied, "only root may open a disk");
        Assert.Equal(FailureReason.NotARegularFile, refused.Reason);
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task What_the_kernel_makes_up_is_read_to_its_end(string backend) => RunAsync(backend, async scenario =>
    {
        // Of 0 bytes, they say, and of 4096; the one holds more, the other less.
        const string empty = "/proc/version";
        const string padded = "/sys/kernel/mm/transparent_hugepage/enabled";
        Assert.Equal(await File.ReadAllTextAsync(empty), await scenario.Engine.ReadAllTextAsync(empty));
        var lines = new List<string>();
        await foreach (var line in scenario.Engine.ReadLinesAsync("/proc/self/mounts"))
        {
            lines.Add(line);
        }

        Assert.Equal(await File.ReadAllLinesAsync("/proc/self/mounts"), lines);
        if (File.Exists(padded))
        {
            Assert.Equal(await File.ReadAllTextAsync(padded), await scenario.Engine.ReadAllTextAsync(padded));
        }
    });

    [SkippableTheory]
    [MemberData(nameof(Backends.All), MemberType = typeof(Backends))]
    public Task What_the_kernel_does_not_take_is_an_error(string backend) => RunAsync(backend, async scenario =>
    {
        var failed = await Assert.ThrowsAsync<FileEngineException>(
            async () => await scenario.Engine.WriteAllTextAsync("/proc/version", "mine"));
        Assert.True(
            failed.Reason is FailureReason.AccessDenied or FailureReason.IoError or FailureReason.InvalidArgument
                or FailureReason.NotSupported or FailureReason.NotARegularFile, failed.Message);
    });

    private static async Task RefuseAsync(string path, Func<string, Task> call)
    {
        var failed = await Assert.ThrowsAsync<FileEngineException>(() => call(path));
        Assert.True(failed.Reason == FailureReason.NotARegularFile, failed.Message);
    }

    private static Task RunAsync(string backend, Func<EngineScenario, Task> play)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "other systems have other special files");
        return EngineScenario.RunAsync(backend, play);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);
}
