using System.Diagnostics;
using System.Runtime.InteropServices;
using Actors.Reliability.Verbs;

namespace Actors.Reliability.Crash;

/// <summary>
/// A file system of its own, ext4 in a file, whose power can be cut: what was not made durable is gone then, page cache
/// and open journal included. Needs Linux, root, loop devices and mkfs.ext4.
/// </summary>
internal sealed partial class LoopVolume : IAsyncDisposable
{
    private const long Size = 512L << 20;
    private const int UnmountTries = 100;

    // EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32), and EXT4_GOING_FLAGS_NOLOGFLUSH (fs/ext4/ext4.h).
    private const ulong Shutdown = 0x8004587D;
    private const uint WithoutFlushing = 2;

    private readonly string _image;

    private LoopVolume(string image, string directory)
    {
        _image = image;
        Directory = directory;
    }

    /// <summary>Where it is mounted.</summary>
    public string Directory { get; }

    /// <summary>Makes and mounts one below a directory.</summary>
    /// <exception cref="VerbUsageException">This machine or user cannot.</exception>
    public static async Task<LoopVolume> CreateAsync(string directory)
    {
        var image = Path.Combine(directory, "volume.ext4");
        var mounted = System.IO.Directory.CreateDirectory(Path.Combine(directory, "volume"));
        var volume = new LoopVolume(image, mounted.FullName);
        await using (var file = File.Create(image))
        {
            file.SetLength(Size);
        }

        if (await RunAsync("mkfs.ext4", "-q", "-F", image) is { } unmade)
        {
            throw new VerbUsageException($"--power-cut: mkfs.ext4 failed: {unmade}");
        }

        if (await volume.MountAsync() is { } unmounted)
        {
            File.Delete(image);
            throw new VerbUsageException($"--power-cut: no file system can be mounted here: {unmounted}");
        }

        return volume;
    }

    /// <summary>Cuts the power and comes up again, by way of the journal.</summary>
    public async Task CutPowerAsync()
    {
        var descriptor = open(Directory, 0);
        var flag = WithoutFlushing;
        var result = descriptor < 0 ? -1 : ioctl(descriptor, Shutdown, ref flag);
        var errno = Marshal.GetLastPInvokeError();
        _ = close(descriptor);
        if (result < 0)
        {
            throw new InvalidOperationException(
                $"the power of {Directory} cannot be cut: {Marshal.GetPInvokeErrorMessage(errno)}");
        }

        await UnmountAsync();
        if (await MountAsync() is { } fault)
        {
            throw new InvalidOperationException($"{_image} cannot be mounted after the power cut: {fault}");
        }
    }

    /// <summary>Makes durable what is in it, for the victim to begin with.</summary>
    public Task SettleAsync() => RunAsync("sync", "-f", Directory);

    public async ValueTask DisposeAsync()
    {
        await UnmountAsync();
        File.Delete(_image);
        System.IO.Directory.Delete(Directory);
    }

    private Task<string?> MountAsync() => RunAsync("mount", "-o", "loop", _image, Directory);

    // What the victim had in the kernel may outlive it for a moment, and keeps the volume busy.
    private async Task UnmountAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        string? fault = null;
        for (var i = 0; i < UnmountTries; i++)
        {
            if ((fault = await RunAsync("umount", Directory)) is null)
            {
                return;
            }

            await timer.WaitForNextTickAsync();
        }

        throw new InvalidOperationException($"{Directory} cannot be unmounted: {fault}");
    }

    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : $"{program}: {error.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"{program}: {e.Message}";
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, ulong request, ref uint argument);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
