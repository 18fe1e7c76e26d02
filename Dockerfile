FROM python:3.13-slim AS build
# Without a compiler the image would work too, its word segmentation twenty times slower.
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /build
RUN python -m venv /opt/dunwatch
COPY requirements.lock ./
RUN /opt/dunwatch/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md dunwatch.py ./
COPY crawler crawler
COPY indexer indexer
RUN /opt/dunwatch/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home dunwatch && install --directory --mode 0777 /data
COPY --from=build /opt/dunwatch /opt/dunwatch
COPY config /app/config
WORKDIR /app
USER dunwatch
ENV PATH=/opt/dunwatch/bin:$PATH DUNWATCH_DATA=/data/dunwatch PYTHONUNBUFFERED=1
# What the first start would make, which takes some seconds.
RUN python -c "from indexer.meaning.tables import tables; tables()"
VOLUME /data
EXPOSE 8420
ENTRYPOINT ["dunwatch"]
CMD ["run"]
