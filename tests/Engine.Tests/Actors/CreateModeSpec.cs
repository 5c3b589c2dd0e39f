using System.Runtime.InteropServices;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Actors;

/// <summary>A file that is new gets the permissions asked for, less those that the umask takes.</summary>
public sealed partial class CreateModeSpec
{
    private const int OwnFileSystemState = 0x200; // CLONE_FS

    public static TheoryData<string, int, int?, int> Modes
    {
        get
        {
            var data = new TheoryData<string, int, int?, int>();
            foreach (var backend in new[] { "sync", "io-uring", "auto" })
            {
                foreach (var umask in new[] { 0, 0x12, 0x3F }) // 000, 022, 077
                {
                    data.Add(backend, umask, null, 0x1B6 & ~umask); // 0666
                    data.Add(backend, umask, 0x1A4, 0x1A4 & ~umask); // 0644
                    data.Add(backend, umask, 0x180, 0x180 & ~umask); // 0600
                    data.Add(backend, umask, 0x1FF, 0x1FF & ~umask); // 0777
                }
            }

            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Modes))]
    [Trait("Needs", "permissions")]
    public Task A_new_file_has_the_mode_asked_for_less_the_umask(string backend, int umask, int? asked, int expected)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the umask is of a process elsewhere; here a thread can have its own");
        return WithUmask(umask, () => EngineScenario.RunAsync(backend, async scenario =>
        {
            var options = asked is { } mode ? new OpenOptions { CreateMode = (UnixFileMode)mode } : new OpenOptions();
            var client = scenario.Probe("client");
            foreach (var name in new[] { "0", "1", "2", "3" })
            {
                var file = await scenario.OpenAsync(client, name, OpenMode.Write, options);
                await file.CloseAsync();
                Assert.Equal((UnixFileMode)expected, new FileInfo(scenario.PathOf(name)).UnixFileMode);
            }
        }));
    }

    // The engine's threads are children of the one that starts it, and share its umask; those of other tests do not.
    private static Task WithUmask(int umask, Func<Task> play)
    {
        var done = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Assert.Equal(0, unshare(OwnFileSystemState));
                _ = CreateModeSpec.umask((uint)umask);
                done.SetResult(play());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        thread.Start();
        return done.Task.Unwrap();
    }

    [LibraryImport("libc")]
    private static partial int unshare(int what);

    [LibraryImport("libc")]
    private static partial uint umask(uint mode);
}
