using Akka.Streams;
using Akka.Streams.IO;
using Akka.Streams.Stage;

namespace Actors.Engine.Streams.Stages;

/// <summary>The stage of <see cref="FileSource"/>.</summary>
/// <param name="path">The file.</param>
/// <param name="options">How it is read.</param>
/// <param name="marksRestarts">Has an empty chunk say that the file is read again from its start.</param>
internal sealed class FileSourceStage(string path, FileSourceOptions options, bool marksRestarts)
    : GraphStageWithMaterializedValue<SourceShape<ReadOnlyMemory<byte>>, Task<IOResult>>
{
    private readonly Outlet<ReadOnlyMemory<byte>> _out = new("FileSource.out");

    public override SourceShape<ReadOnlyMemory<byte>> Shape => new(_out);

    protected override Attributes InitialAttributes { get; } = Attributes.CreateName("engineFileSource");

    public override ILogicAndMaterializedValue<Task<IOResult>> CreateLogicAndMaterializedValue(
        Attributes inheritedAttributes)
    {
        var file = new StageFile(path);
        return new LogicAndMaterializedValue<Task<IOResult>>(
            new Logic(this, file, options, marksRestarts), file.Materialized);
    }

    public override string ToString() => $"FileSource({path})";

    private sealed class Logic : TimerGraphStageLogic, IOutHandler
    {
        private const string FollowTimer = "follow";

        private readonly Outlet<ReadOnlyMemory<byte>> _out;
        private readonly StageFile _file;
        private readonly FileSourceOptions _options;
        private readonly bool _marksRestarts;
        private Opened? _opened;
        private ReadAheadQueue? _reads;
        private long _position;
        private long _reached;
        private long _passed;
        private bool _looks;

        public Logic(FileSourceStage stage, StageFile file, FileSourceOptions options, bool marksRestarts)
            : base(stage.Shape)
        {
            _out = stage._out;
            _file = file;
            _options = options;
            _marksRestarts = marksRestarts;
            SetHandler(_out, this);
        }

        public override void PreStart() => _ = _file.OpenAsync(
            _options.Engine, Materializer, OpenMode.Read, _options.File,
            GetAsyncCallback<StageFile.Opening>(OnOpened));

        public void OnPull()
        {
            if (_reads is not null)
            {
                PushNext();
            }
        }

        public void OnDownstreamFinish(Exception cause)
        {
            _file.End(() => _passed);
            InternalOnDownstreamFinish(cause);
        }

        // Whatever has ended the stage otherwise has said so before.
        public override void PostStop() => _file.Abandon(this, () => _passed);

        protected override void OnTimer(object timerKey) => _ = LookAsync(
            GetAsyncCallback<StageFile.Look>(OnLooked), GetAsyncCallback<Exception>(FailWith));

        private async Task LookAsync(Action<StageFile.Look> looked, Action<Exception> failed)
        {
            try
            {
                looked(await _file.LookAsync(_options.FollowName).ConfigureAwait(false));
            }
            catch (Exception e)
            {
                failed(e);
            }
        }

        private void OnOpened(StageFile.Opening opening)
        {
            if (opening.Failure is { } failure)
            {
                _file.Fail(failure);
                FailStage(failure);
                return;
            }

            _opened = opening.Opened!;
            _position = _options.StartPosition;
            _reached = Math.Min(_position, _opened.Length);
            ReadOn(_opened.Length);
            OnArrived();
        }

        /// <summary>The name led to another file; when it leads to none by now, there may be one later.</summary>
        private void OnReopened(StageFile.Opening opening)
        {
            if (opening.Opened is { } opened)
            {
                _opened = opened;
                ReadFromStart(opened.Length);
            }
            else if (opening.Failure is FileEngineException
                { Reason: not (FailureReason.Closing or FailureReason.NotOpen) })
            {
                OnEndOfFile();
            }
            else
            {
                FailWith(opening.Failure!);
            }
        }

        private void ReadOn(long length) => _reads = new ReadAheadQueue(
            _file, _opened!.Alignment, _options, _position, length, GetAsyncCallback(OnArrived));

        private void OnArrived()
        {
            if (IsAvailable(_out))
            {
                PushNext();
            }
        }

        private void PushNext()
        {
            try
            {
                if (!_reads!.TryTake(out var chunk))
                {
                    return;
                }

                if (chunk.IsEmpty)
                {
                    OnEndOfFile();
                    return;
                }

                _passed += chunk.Length;
                _position += chunk.Length;
                _reached = _position;
                Push(_out, chunk);
            }
            catch (FileEngineException e)
            {
                FailWith(e);
            }
        }

        private void OnEndOfFile()
        {
            if (_options.FollowEvery is not { } interval)
            {
                _file.End(() => _passed);
                CompleteStage();
            }
            else if (!_looks)
            {
                _looks = true;
                ScheduleOnce(FollowTimer, interval);
            }
        }

        /// <summary>While there is demand: goes on with what was appended, or from the start of a file that was
        /// truncated.</summary>
        private void OnLooked(StageFile.Look look)
        {
            _looks = false;
            var (length, isReplaced) = look;
            if (isReplaced && length <= _position)
            {
                _ = _file.ReopenAsync(
                    OpenMode.Read, _options.File, GetAsyncCallback<StageFile.Opening>(OnReopened));
            }
            else if (length < _reached)
            {
                ReadFromStart(length);
            }
            else
            {
                if (length > _position)
                {
                    ReadOn(length);
                }

                PushNext();
            }
        }

        private void ReadFromStart(long length)
        {
            _position = _reached = 0;
            ReadOn(length);
            if (_marksRestarts)
            {
                Push(_out, default);
            }
            else
            {
                PushNext();
            }
        }

        private void FailWith(Exception failure)
        {
            _file.End(() => _passed, failure);
            FailStage(failure);
        }
    }
}
