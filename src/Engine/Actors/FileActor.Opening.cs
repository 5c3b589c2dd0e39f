using System.Runtime.Versioning;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <content>From the first message to <see cref="Opened"/>, or to why not.</content>
internal abstract partial class FileActor
{
    private void BeginOpen()
    {
        if (IsGivenUp)
        {
            EndOpen(new FileFailure(FailureReason.Cancelled, $"the open of {Spawn.FullPath} was cancelled"));
        }
        else if (Engine.RefuseOpen(Options, _timeout) is { } refusal)
        {
            EndOpen(new FileFailure(FailureReason.NotSupported, refusal));
        }
        else if (OperatingSystem.IsLinux())
        {
            StartOpen(0);
        }
        else
        {
            TruncateOrEndOpen(_file.OpenPortably());
        }
    }

    [SupportedOSPlatform("linux")]
    private void StartOpen(int moreFlags)
    {
        var operation = Operations.Rent(IoKind.Open, null);
        operation.SetPath(Spawn.OpenedPath);
        operation.Io.Flags = LinuxFiles.OpenFlags(Spawn.Open.Mode, Options.Direct) | moreFlags;
        operation.Io.Mode = (int)Options.CreateMode;
        Start(operation);
    }

    private void OnOpenDone(FileOperation operation, bool failed)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var result = (int)operation.Io.Result;
        var isForAppends = (operation.Io.Flags & LinuxFiles.Append) != 0;
        FileOperations.Recycle(operation);
        if (!failed)
        {
            TruncateOrEndOpen(_file.Adopt(result));
        }
        else if (result == -Errno.EPERM && Spawn.Open.Mode == OpenMode.Append && !isForAppends && !IsGivenUp)
        {
            // A file that may only grow (chattr +a) is opened for nothing but appends.
            StartOpen(LinuxFiles.Append);
        }
        else
        {
            EndOpen(_file.Refused(-result));
        }
    }

    /// <summary>The client does not want the file any more. Looked at before anything is done to the file.</summary>
    private bool IsGivenUp => Spawn.Client is IOpenClient { HasGivenUp: true };

    /// <summary>The client has given up: an open that is in the kernel is called back, one that is done is the client's to
    /// close.</summary>
    private void OnOpenWithdrawn()
    {
        foreach (var operation in Operations.All)
        {
            if (operation is { Idle: false, Started: true, Io.Kind: IoKind.Open })
            {
                Operations.Cancel(operation);
            }
        }
    }

    /// <summary>Only now is it known that nobody here is writing the file.</summary>
    private void TruncateOrEndOpen(FileFailure? failure)
    {
        if (_isRelieved)
        {
            Context.Stop(Me);
        }
        else if (failure is null && Spawn.Open.Mode.Truncates() && _file.Length > 0 && IsRegular
            && !IsGivenUp)
        {
            Start(Operations.Rent(IoKind.Truncate, File));
        }
        else
        {
            EndOpen(failure);
        }
    }

    private void OnTruncatedAtOpen(FileOperation operation, bool failed)
    {
        var errno = (int)-operation.Io.Result;
        FileOperations.Recycle(operation);
        _file.Length = failed ? _file.Length : 0;
        EndOpen(failed ? FileFailure.Of("ftruncate", Spawn.FullPath, errno) : null);
    }

    private void EndOpen(FileFailure? failure, bool isUnfinished = false)
    {
        _open = true;
        if (failure is not null)
        {
            Answers.FailOpen(failure, isUnfinished);
            Context.Stop(Me);
            return;
        }

        Engine.Coordinator.Tell(new FileOpened(Spawn.Id, Me), Me);
        var file = Engine.Settings.File;
        OfferLane();
        Answers.Tell(
            Spawn.Client,
            new Opened(
                Spawn.Open.Path, Spawn.Open.Mode, _file.Length, file.CreditMessages, _window, Shard.Index,
                Shard.DispatcherId, Engine.Backend)
            {
                Alignment = File!.Alignment,
            });
    }

    /// <summary>For transfers only where each of them is for itself: nothing to make durable, no time limit to keep.
    /// </summary>
    private void OfferLane()
    {
        if (Spawn.Client is not ILaneClient client || (File!.Safe is null && !_file.IsKernels))
        {
            return;
        }

        var doesTransfers = Engine.InlineTransferMax > 0 && File.IsCached && _timeout <= TimeSpan.Zero
            && (Options.Durability ?? Engine.Settings.Writer.Durability) == Durability.None;
        var transfers = new CallerTransfers(
            File, doesTransfers ? Engine.InlineTransferMax : CallerTransfers.None, Engine.CallerBackoff, Engine.Calls);
        Answers.Lane = new CallerLane(Spawn.Open.Mode, transfers, Engine.CallerMetrics);
        client.Lane = Answers.Lane;
    }
}
