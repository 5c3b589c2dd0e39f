using System.Runtime.ExceptionServices;
using System.Runtime.Versioning;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers.Paths.Trees;

/// <summary>
/// Copies a tree: the calling thread and further ones take directories, and pieces of them, from a queue. A file costs
/// seven system calls; names are relative to open directories, and no link in the target is ever followed.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class TreeCopy
{
    private const int Here = LinuxPaths.WorkingDirectory;
    private const int ParallelismMax = 8;

    private readonly CopyTree _command;
    private readonly int _workers;
    private Exception? _failure;

    public TreeCopy(CopyTree command)
    {
        _command = command;
        Options = command.Options ?? new TreeCopyOptions();
        _workers = Options.Parallelism ?? Math.Min(Environment.ProcessorCount, ParallelismMax);
        Queue = new TreeQueue(_workers);
        Tally = new TreeTally(command.Progress);
    }

    public TreeCopyOptions Options { get; }

    public TreeQueue Queue { get; }

    public TreeTally Tally { get; }

    public CancellationToken Cancellation => _command.Cancellation;

    /// <summary>Permission bits that created files do not get by themselves.</summary>
    public int Umask { get; } = ReadUmask();

    /// <summary>What must not be copied, for it would never end.</summary>
    public FileIdentity TargetIdentity { get; private set; }

    /// <summary>Something has gone wrong that ends it.</summary>
    public bool IsStopped => Volatile.Read(ref _failure) is not null;

    public TreeCopyReport Run()
    {
        var top = OpenTop();
        Queue.Add(new TreeWork(top));
        var threads = new Thread[_workers - 1];
        for (var i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(Work) { IsBackground = true, Name = "file-engine-copy" };
            threads[i].Start();
        }

        Work();
        foreach (var thread in threads)
        {
            thread.Join();
        }

        CloseLeftovers();
        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        if (Options.Durable)
        {
            SyncTarget();
        }

        return Tally.End();
    }

    /// <summary>An entry could not be copied: goes on or ends it, as the options say.</summary>
    public void Fail(TreeDirectory directory, ReadOnlySpan<byte> name, string call, int errno)
    {
        var path = directory.PathOf(_command.Path, name);
        var failure = new SystemCallException(call, path, errno);
        if (Options.ContinueOnError)
        {
            Tally.Failed.Add(
                new TreeCopyIssue(path, CompletionDecision.ReasonOf(errno), failure.Message, errno));
        }
        else
        {
            Stop(failure);
        }
    }

    /// <summary>An entry is nothing that can be copied.</summary>
    public void Skip(TreeDirectory directory, ReadOnlySpan<byte> name, FailureReason reason, string cause)
    {
        var path = directory.PathOf(_command.Path, name);
        Tally.Skipped.Add(new TreeCopyIssue(path, reason, $"{path}: {cause}"));
    }

    /// <summary>Ends it; the first cause counts.</summary>
    public void Stop(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        Queue.End();
    }

    private void Work()
    {
        try
        {
            new TreeWorker(this).Run();
        }
        catch (Exception e)
        {
            Stop(e);
        }
    }

    private TreeDirectory OpenTop()
    {
        const int Flags = LinuxFiles.ReadOnly | LinuxFiles.CloseOnExec;
        var top = new TreeDirectory(null, "\0"u8);
        try
        {
            top.Source = SystemCallException.Check(
                LinuxPaths.Open(Here, PathName.Of(_command.Path), Flags | LinuxPaths.DirectoryOnly), "open",
                _command.Path);
            SystemCallException.Check(LinuxPaths.Stat(top.Source, out var info), "statx", _command.Path);
            top.Info = info;
            RefuseTargetWithin(info.Identity);
            var target = PathName.Of(_command.Target);
            var error = LinuxPaths.MakeDirectory(Here, target, TreeWorker.ModeWhileOpen(info, Options));
            SystemCallException.Check(error == -Errno.EEXIST ? 0 : error, "mkdir", _command.Target);
            top.Target = SystemCallException.Check(
                LinuxPaths.Open(Here, target, Flags | LinuxPaths.DirectoryOnly), "open", _command.Target);
            SystemCallException.Check(LinuxPaths.Stat(top.Target, out var made), "statx", _command.Target);
            TargetIdentity = made.Identity;
            return top;
        }
        catch
        {
            top.Close();
            throw;
        }
    }

    /// <summary>A copy within its own source would be copied in turn.</summary>
    private void RefuseTargetWithin(FileIdentity source)
    {
        var path = PathName.DirectoryOf(_command.Target);
        if (LinuxPaths.Stat(Here, PathName.Of(_command.Target), true, out var target) == 0)
        {
            path = _command.Target;
        }

        var name = PathName.Of(path);
        var previous = default(FileIdentity);
        var flags = LinuxFiles.ReadOnly | LinuxFiles.CloseOnExec | LinuxPaths.DirectoryOnly;
        var directory = SystemCallException.Check(LinuxPaths.Open(Here, name, flags), "open", path);
        try
        {
            while (LinuxPaths.Stat(directory, out target) == 0 && target.Identity != previous)
            {
                if (target.Identity == source)
                {
                    throw new ArgumentException($"{_command.Target} is, or is in, {_command.Path}, which is copied");
                }

                previous = target.Identity;
                var above = LinuxPaths.Open(directory, "..\0"u8, flags);
                LinuxPaths.Close(directory);
                directory = above;
            }
        }
        finally
        {
            LinuxPaths.Close(directory);
        }
    }

    private void SyncTarget()
    {
        var flags = LinuxFiles.ReadOnly | LinuxFiles.CloseOnExec | LinuxPaths.DirectoryOnly;
        var target = SystemCallException.Check(
            LinuxPaths.Open(Here, PathName.Of(_command.Target), flags), "open", _command.Target);
        try
        {
            SystemCallException.Check(LinuxPaths.SyncFileSystem(target), "syncfs", _command.Target);
        }
        finally
        {
            LinuxPaths.Close(target);
        }

        PathCalls.Platform.SyncDirectory(PathName.DirectoryOf(_command.Target));
    }

    private void CloseLeftovers()
    {
        while (Queue.TryTakeLeftover(out var work))
        {
            for (var directory = work.Directory; directory?.Release() == true; directory = directory.Parent)
            {
                directory.Close();
            }
        }
    }

    private static int ReadUmask()
    {
        const int Everything = 0x1ff; // 0777: every file is given its mode then.
        try
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(
                line => line.StartsWith("Umask:", StringComparison.Ordinal));
            return line is null ? Everything : Convert.ToInt32(line["Umask:".Length..].Trim(), 8);
        }
        catch (IOException)
        {
            return Everything;
        }
    }
}
