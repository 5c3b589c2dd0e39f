using Akka.Streams;
using Akka.Streams.IO;
using Akka.Streams.Stage;

namespace Actors.Engine.Streams.Stages;

/// <summary>The stage of <see cref="FileSource"/>.</summary>
internal sealed class FileSourceStage(string path, FileSourceOptions options)
    : GraphStageWithMaterializedValue<SourceShape<ReadOnlyMemory<byte>>, Task<IOResult>>
{
    private readonly Outlet<ReadOnlyMemory<byte>> _out = new("FileSource.out");

    public override SourceShape<ReadOnlyMemory<byte>> Shape => new(_out);

    protected override Attributes InitialAttributes { get; } = Attributes.CreateName("engineFileSource");

    public override ILogicAndMaterializedValue<Task<IOResult>> CreateLogicAndMaterializedValue(
        Attributes inheritedAttributes)
    {
        var file = new StageFile(path);
        return new LogicAndMaterializedValue<Task<IOResult>>(new Logic(this, file, options), file.Materialized);
    }

    public override string ToString() => $"FileSource({path})";

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly Outlet<ReadOnlyMemory<byte>> _out;
        private readonly StageFile _file;
        private readonly FileSourceOptions _options;
        private ReadAheadQueue? _reads;
        private long _passed;

        public Logic(FileSourceStage stage, StageFile file, FileSourceOptions options)
            : base(stage.Shape)
        {
            _out = stage._out;
            _file = file;
            _options = options;
            SetHandler(_out, this);
        }

        public override void PreStart() => _ = _file.OpenAsync(
            _options.Engine, Materializer, OpenMode.Read, _options.File,
            GetAsyncCallback<StageFile.Opening>(OnOpened));

        public override void OnPull()
        {
            if (_reads is not null)
            {
                PushNext();
            }
        }

        public override void OnDownstreamFinish(Exception cause)
        {
            _file.End(() => _passed);
            base.OnDownstreamFinish(cause);
        }

        // Whatever has ended the stage otherwise has said so before.
        public override void PostStop() => _file.Abandon(this, () => _passed);

        private void OnOpened(StageFile.Opening opening)
        {
            if (opening.Failure is { } failure)
            {
                _file.Fail(failure);
                FailStage(failure);
                return;
            }

            var opened = opening.Opened!;
            _reads = new ReadAheadQueue(
                _file, opened.Alignment, _options, _options.StartPosition, opened.Length, GetAsyncCallback(OnArrived));
            OnArrived();
        }

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
                    _file.End(() => _passed);
                    CompleteStage();
                    return;
                }

                _passed += chunk.Length;
                Push(_out, chunk);
            }
            catch (FileEngineException e)
            {
                _file.End(() => _passed, e);
                FailStage(e);
            }
        }
    }
}
