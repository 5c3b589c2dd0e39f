using Akka.Streams;
using Akka.Streams.IO;
using Akka.Streams.Stage;

namespace Actors.Engine.Streams.Stages;

/// <summary>The stage of <see cref="FileSink"/>.</summary>
internal sealed class FileSinkStage(string path, FileSinkOptions options)
    : GraphStageWithMaterializedValue<SinkShape<ReadOnlyMemory<byte>>, Task<IOResult>>
{
    private readonly Inlet<ReadOnlyMemory<byte>> _in = new("FileSink.in");

    public override SinkShape<ReadOnlyMemory<byte>> Shape => new(_in);

    protected override Attributes InitialAttributes { get; } = Attributes.CreateName("engineFileSink");

    public override ILogicAndMaterializedValue<Task<IOResult>> CreateLogicAndMaterializedValue(
        Attributes inheritedAttributes)
    {
        var file = new StageFile(path);
        return new LogicAndMaterializedValue<Task<IOResult>>(new Logic(this, file, options), file.Materialized);
    }

    public override string ToString() => $"FileSink({path})";

    private sealed class Logic : TimerGraphStageLogic, IInHandler
    {
        private const string SyncTimer = "sync";

        private readonly Inlet<ReadOnlyMemory<byte>> _in;
        private readonly StageFile _file;
        private readonly FileSinkOptions _options;
        private readonly WriteQueue _writes;
        private Exception? _upstreamFailure;
        private bool _isOpen;

        public Logic(FileSinkStage stage, StageFile file, FileSinkOptions options)
            : base(stage.Shape)
        {
            _in = stage._in;
            _file = file;
            _options = options;
            _writes = new WriteQueue(file, options);
            SetHandler(_in, this);
        }

        public override void PreStart()
        {
            // What has been taken is written, and the result told, after upstream has ended.
            SetKeepGoing(true);
            if (_options.FlushSignal?.TryAttach(_writes) == false)
            {
                FailWith(new InvalidOperationException("the flush signal serves another running sink"));
                return;
            }

            _ = _file.OpenAsync(
                _options.Engine, Materializer, _options.Mode, _options.File,
                GetAsyncCallback<StageFile.Opening>(OnOpened));
        }

        public void OnPush()
        {
            _writes.Add(Grab(_in));
            PullIfRoom();
        }

        public void OnUpstreamFinish() => Finish(_options.OnFinish);

        public void OnUpstreamFailure(Exception e)
        {
            _upstreamFailure = e;
            Finish(Durability.None);
        }

        public override void PostStop()
        {
            // Whatever has ended the stage otherwise has said so before.
            EndWrites();
            _file.Abandon(this, () => _writes.Written);
        }

        protected override void OnTimer(object timerKey) => _writes.SyncIfNeeded();

        private void OnOpened(StageFile.Opening opening)
        {
            if (opening.Failure is { } failure)
            {
                FailWith(failure);
                return;
            }

            _isOpen = true;
            if (_options.SyncEvery is { } interval)
            {
                ScheduleRepeatedly(SyncTimer, interval);
            }

            _writes.Start(opening.Opened!, GetAsyncCallback(OnChanged));
            OnChanged();
        }

        private void OnChanged()
        {
            if (_writes.Failure is { } failure)
            {
                EndWith(failure);
                FailStage(failure);
            }
            else if (_writes.IsFinished)
            {
                EndWith(null);
                CompleteStage();
            }
            else
            {
                PullIfRoom();
            }
        }

        private void PullIfRoom()
        {
            if (!HasBeenPulled(_in) && !IsClosed(_in) && _writes.HasRoom())
            {
                Pull(_in);
            }
        }

        private void Finish(Durability durability)
        {
            if (_writes.Finish(durability) && _isOpen)
            {
                OnChanged();
            }
        }

        private void EndWith(Exception? failure)
        {
            EndWrites();
            _file.End(() => _writes.Written, failure, _upstreamFailure);
        }

        private void FailWith(Exception failure)
        {
            EndWrites();
            _file.Fail(failure);
            FailStage(failure);
        }

        /// <summary>Before the result is told: whoever has it may use the flush signal again.</summary>
        private void EndWrites()
        {
            _options.FlushSignal?.Detach(_writes);
            _writes.End();
        }
    }
}
